import type { Prisma, Role } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';

const PUBLIC = {
  id: true,
  username: true,
  role: true,
  invitedBy: true,
  createdAt: true,
  expiresAt: true,
} satisfies Prisma.InvitationSelect;

const CREDENTIAL = {
  ...PUBLIC,
  usedAt: true,
  revokedAt: true,
  account: { select: { id: true, name: true } },
} satisfies Prisma.InvitationSelect;

/** An invitation as it may be shown; its code is not kept. */
export type InvitationRecord = Prisma.InvitationGetPayload<{ select: typeof PUBLIC }>;

/** What is needed to know what the code of an invitation permits. */
export type InvitationCredential = Prisma.InvitationGetPayload<{ select: typeof CREDENTIAL }>;

export interface NewInvitation {
  /** SHA-256 of the code */
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly username: string | null;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface InvitedUser {
  readonly username: string;
  readonly passwordHash: string;
}

export class InvitationStore {
  constructor(private readonly database: Database) {}

  create(
    accountId: number,
    invitation: NewInvitation,
    audit: (invitation: InvitationRecord) => AuditEntry,
  ): Promise<InvitationRecord> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const data = { accountId, ...invitation };
      const created = await transaction.invitation.create({ data, select: PUBLIC });
      await createEvent(transaction, audit(created));
      return created;
    });
  }

  /** Those that can still be accepted, oldest first. */
  list(accountId: number, now: Date): Promise<InvitationRecord[]> {
    return this.database.credentials.prisma.invitation.findMany({
      where: { accountId, ...open(now) },
      orderBy: { id: 'asc' },
      select: PUBLIC,
    });
  }

  /** @returns whether the account has such an invitation, which nobody had accepted */
  revoke(
    accountId: number,
    id: number,
    now: Date,
    audit: (invitation: InvitationRecord) => AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const [revoked] = await transaction.invitation.updateManyAndReturn({
        where: { accountId, id, usedAt: null, revokedAt: null },
        data: { revokedAt: now },
        select: PUBLIC,
      });
      if (revoked) await createEvent(transaction, audit(revoked));
      return revoked !== undefined;
    });
  }

  /** Searches all accounts, because who has the code says nothing else. */
  findCredential(hash: Uint8Array<ArrayBuffer>): Promise<InvitationCredential | null> {
    return this.database.credentials.prisma.invitation.findUnique({
      where: { hash },
      select: CREDENTIAL,
    });
  }

  /**
   * Creates the user in the account and the role of the invitation, which is used up by that.
   * @returns false, without creating a user, if it could no longer be accepted
   */
  accept(
    { id, role, account }: InvitationCredential,
    user: InvitedUser,
    now: Date,
    audit: (user: { id: number }) => AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.invitation.updateMany({
        where: { id, accountId: account.id, ...open(now) },
        data: { usedAt: now },
      });
      if (count === 0) return false;
      const data = { accountId: account.id, role, ...user };
      const created = await transaction.user.create({ data, select: { id: true } });
      await createEvent(transaction, audit(created));
      return true;
    });
  }
}

function open(now: Date) {
  return {
    usedAt: null,
    revokedAt: null,
    expiresAt: { gt: now },
  } satisfies Prisma.InvitationWhereInput;
}
