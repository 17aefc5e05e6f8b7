import type { Prisma, Role } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';

const PUBLIC = {
  id: true,
  username: true,
  role: true,
  disabledAt: true,
  createdAt: true,
  identityIssuer: true,
  totpConfirmedAt: true,
} satisfies Prisma.UserSelect;

export const USER_CREDENTIAL = {
  id: true,
  username: true,
  role: true,
  disabledAt: true,
  passwordHash: true,
  totpConfirmedAt: true,
  account: { select: { id: true, name: true } },
} satisfies Prisma.UserSelect;

/** A user as it may be shown. */
export type UserRecord = Prisma.UserGetPayload<{ select: typeof PUBLIC }>;

/** What is needed to know who a password or a session belongs to. */
export type UserCredential = Prisma.UserGetPayload<{ select: typeof USER_CREDENTIAL }>;

export interface NewUser {
  readonly username: string;
  readonly passwordHash: string;
  readonly role: Role;
  /** who the user is at an OpenID Connect provider */
  readonly identity?: ProviderUser;
}

/** A user of an OpenID Connect provider. */
export interface ProviderUser {
  readonly issuer: string;
  readonly subject: string;
}

export class UserStore {
  constructor(private readonly database: Database) {}

  create(
    accountId: number,
    { identity, ...user }: NewUser,
    audit: (user: UserRecord) => AuditEntry,
  ): Promise<UserRecord> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const known = identity && {
        identityIssuer: identity.issuer,
        identitySubject: identity.subject,
      };
      const data = { accountId, ...user, ...known };
      const created = await transaction.user.create({ data, select: PUBLIC });
      await createEvent(transaction, audit(created));
      return created;
    });
  }

  list(accountId: number): Promise<UserRecord[]> {
    return this.database.credentials.prisma.user.findMany({
      where: { accountId },
      orderBy: { id: 'asc' },
      select: PUBLIC,
    });
  }

  /** Searches all accounts, because a username is unique over all of them. */
  findCredential(username: string): Promise<UserCredential | null> {
    return this.database.credentials.prisma.user.findUnique({
      where: { username },
      select: USER_CREDENTIAL,
    });
  }

  findCredentialById(id: number): Promise<UserCredential | null> {
    return this.database.credentials.prisma.user.findUnique({
      where: { id },
      select: USER_CREDENTIAL,
    });
  }

  /** Searches all accounts, because an identity belongs to one user. */
  async findByIdentity({ issuer, subject }: ProviderUser): Promise<UserCredential | undefined> {
    const user = await this.database.credentials.prisma.user.findUnique({
      where: {
        identityIssuer_identitySubject: { identityIssuer: issuer, identitySubject: subject },
      },
      select: USER_CREDENTIAL,
    });
    return user ?? undefined;
  }

  /** @returns the user, or undefined where the account has none of that name */
  async update(
    accountId: number,
    username: string,
    change: { disabledAt?: Date | null; role?: Role },
    audit: (user: UserRecord) => AuditEntry[],
  ): Promise<UserRecord | undefined> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const [user] = await transaction.user.updateManyAndReturn({
        where: { accountId, username },
        data: change,
        select: PUBLIC,
      });
      for (const event of user ? audit(user) : []) await createEvent(transaction, event);
      return user;
    });
  }

  /**
   * Ends the sessions that began at a provider too.
   * @returns whether the account has such a user
   */
  setIdentity(
    accountId: number,
    username: string,
    identity: ProviderUser | undefined,
    now: Date,
    audit: (user: UserRecord) => AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const [user] = await transaction.user.updateManyAndReturn({
        where: { accountId, username },
        data: {
          identityIssuer: identity?.issuer ?? null,
          identitySubject: identity?.subject ?? null,
        },
        select: PUBLIC,
      });
      if (!user) return false;
      await transaction.session.updateMany({
        where: { userId: user.id, revokedAt: null, issuer: { not: null } },
        data: { revokedAt: now },
      });
      await createEvent(transaction, audit(user));
      return true;
    });
  }

  displayUnits(
    accountId: number,
    id: number,
  ): Promise<{ volumeUnit: string; flowrateUnit: string } | null> {
    return this.database.credentials.prisma.user.findFirst({
      where: { accountId, id },
      select: { volumeUnit: true, flowrateUnit: true },
    });
  }

  async setDisplayUnits(
    accountId: number,
    id: number,
    units: { volumeUnit?: string; flowrateUnit?: string },
  ): Promise<void> {
    await this.database.credentials.prisma.user.updateMany({
      where: { accountId, id },
      data: units,
    });
  }

  /** Deletes the user's sessions too. @returns whether the account has such a user */
  delete(
    accountId: number,
    username: string,
    audit: (user: { id: number }) => AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const where = { accountId, username };
      const user = await transaction.user.findFirst({ where, select: { id: true } });
      if (!user) return false;
      const { count } = await transaction.user.deleteMany({ where });
      if (count > 0) await createEvent(transaction, audit(user));
      return count > 0;
    });
  }

  /**
   * Ends the user's sessions too, but not `keep`.
   * @returns whether the account has such a user
   */
  async setPassword(
    accountId: number,
    username: string,
    passwordHash: string,
    now: Date,
    audit: (user: UserRecord) => AuditEntry,
    keep?: number,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const [user] = await transaction.user.updateManyAndReturn({
        where: { accountId, username },
        data: { passwordHash },
        select: PUBLIC,
      });
      if (!user) return false;
      await transaction.session.updateMany({
        where: {
          userId: user.id,
          revokedAt: null,
          ...(keep !== undefined && { id: { not: keep } }),
        },
        data: { revokedAt: now },
      });
      await createEvent(transaction, audit(user));
      return true;
    });
  }
}
