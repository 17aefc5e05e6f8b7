import type { Prisma } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';

const TOTP = {
  totpSecret: true,
  totpConfirmedAt: true,
} satisfies Prisma.UserSelect;

export type TotpRecord = Prisma.UserGetPayload<{ select: typeof TOTP }>;

/** SHA-256 of a recovery code. */
export type RecoveryCodeHash = Uint8Array<ArrayBuffer>;

/** A user of an account. */
export interface TotpUser {
  readonly accountId: number;
  readonly id: number;
}

/** The second factors of users. */
export class TotpStore {
  constructor(private readonly database: Database) {}

  find({ accountId, id }: TotpUser): Promise<TotpRecord | null> {
    return this.users.findFirst({ where: { accountId, id }, select: TOTP });
  }

  /** @returns false, without a change, where one is confirmed already */
  async begin({ accountId, id }: TotpUser, secret: string): Promise<boolean> {
    const { count } = await this.users.updateMany({
      where: { accountId, id, totpConfirmedAt: null },
      data: { totpSecret: secret, totpLastStep: null },
    });
    return count > 0;
  }

  /** @returns false, without a change, where it is confirmed already or the secret is another */
  confirm(
    { accountId, id }: TotpUser,
    { secret, step, now }: { secret: string; step: number; now: Date },
    codes: readonly RecoveryCodeHash[],
    audit: AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.user.updateMany({
        where: { accountId, id, totpConfirmedAt: null, totpSecret: secret },
        data: { totpConfirmedAt: now, totpLastStep: step },
      });
      if (count === 0) return false;
      await transaction.recoveryCode.deleteMany({ where: { userId: id } });
      await transaction.recoveryCode.createMany({
        data: codes.map((hash) => ({ userId: id, hash })),
      });
      await createEvent(transaction, audit);
      return true;
    });
  }

  /** @returns whether no code of that time step or a later one has been used */
  async useStep({ accountId, id }: TotpUser, step: number): Promise<boolean> {
    const { count } = await this.users.updateMany({
      where: { accountId, id, OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] },
      data: { totpLastStep: step },
    });
    return count > 0;
  }

  /** @returns whether the user has that code and had not used it */
  async useRecoveryCode(
    { accountId, id }: TotpUser,
    hash: RecoveryCodeHash,
    now: Date,
  ): Promise<boolean> {
    const { count } = await this.database.credentials.prisma.recoveryCode.updateMany({
      where: { userId: id, hash, usedAt: null, user: { accountId } },
      data: { usedAt: now },
    });
    return count > 0;
  }

  /** How many recovery codes the user has not used. */
  recoveryCodesLeft({ accountId, id }: TotpUser): Promise<number> {
    return this.database.credentials.prisma.recoveryCode.count({
      where: { userId: id, usedAt: null, user: { accountId } },
    });
  }

  /** @returns whether the user had one, confirmed or not */
  remove({ accountId, id }: TotpUser, audit: AuditEntry): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.user.updateMany({
        where: { accountId, id, totpSecret: { not: null } },
        data: { totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
      });
      if (count === 0) return false;
      await transaction.recoveryCode.deleteMany({ where: { userId: id } });
      await createEvent(transaction, audit);
      return true;
    });
  }

  private get users() {
    return this.database.credentials.prisma.user;
  }
}
