import type { Prisma, Role } from '../../generated/prisma/client.js';
import type { Database } from '../postgres/database.js';

const PUBLIC = {
  id: true,
  username: true,
  role: true,
  disabledAt: true,
  createdAt: true,
} satisfies Prisma.UserSelect;

export const USER_CREDENTIAL = {
  id: true,
  username: true,
  role: true,
  disabledAt: true,
  passwordHash: true,
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
}

export class UserStore {
  constructor(private readonly database: Database) {}

  create(accountId: number, user: NewUser): Promise<UserRecord> {
    return this.database.credentials.prisma.user.create({
      data: { accountId, ...user },
      select: PUBLIC,
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

  /** @returns the user, or undefined where the account has none of that name */
  async update(
    accountId: number,
    username: string,
    change: { disabledAt?: Date | null; role?: Role },
  ): Promise<UserRecord | undefined> {
    const [user] = await this.database.credentials.prisma.user.updateManyAndReturn({
      where: { accountId, username },
      data: change,
      select: PUBLIC,
    });
    return user;
  }

  /** Deletes the user's sessions too. @returns whether the account has such a user */
  async delete(accountId: number, username: string): Promise<boolean> {
    const { user } = this.database.credentials.prisma;
    return (await user.deleteMany({ where: { accountId, username } })).count > 0;
  }

  /**
   * Ends the user's sessions too.
   * @returns whether the account has such a user
   */
  async setPassword(
    accountId: number,
    username: string,
    passwordHash: string,
    now: Date,
  ): Promise<boolean> {
    const { user, session } = this.database.credentials.prisma;
    const [changed] = await this.database.credentials.prisma.$transaction([
      user.updateMany({ where: { accountId, username }, data: { passwordHash } }),
      session.updateMany({
        where: { user: { accountId, username }, revokedAt: null },
        data: { revokedAt: now },
      }),
    ]);
    return changed.count > 0;
  }
}
