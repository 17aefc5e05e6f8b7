import type { Prisma } from '../generated/prisma/client.js';
import type { Database } from './database.js';
import { USER_CREDENTIAL } from './users.js';

const CREDENTIAL = {
  id: true,
  hash: true,
  rotatedAt: true,
  lastUsedAt: true,
  expiresAt: true,
  revokedAt: true,
  user: { select: USER_CREDENTIAL },
} satisfies Prisma.SessionSelect;

export type SessionCredential = Prisma.SessionGetPayload<{ select: typeof CREDENTIAL }>;

/** SHA-256 of a cookie. */
export type CookieHash = Uint8Array<ArrayBuffer>;

export class SessionStore {
  constructor(private readonly database: Database) {}

  /** Also forgets the user's sessions that have expired. */
  async create(userId: number, hash: CookieHash, now: Date, expiresAt: Date): Promise<void> {
    const { session } = this.database.prisma;
    await this.database.prisma.$transaction([
      session.deleteMany({ where: { userId, expiresAt: { lt: now } } }),
      session.create({
        data: { userId, hash, createdAt: now, rotatedAt: now, lastUsedAt: now, expiresAt },
      }),
    ]);
  }

  /** The session that has the cookie, or had it before its last change. */
  findCredential(hash: CookieHash): Promise<SessionCredential | null> {
    return this.database.prisma.session.findFirst({ where: having(hash), select: CREDENTIAL });
  }

  findCredentialById(id: number): Promise<SessionCredential | null> {
    return this.database.prisma.session.findUnique({ where: { id }, select: CREDENTIAL });
  }

  /** @returns whether it was changed: of requests at once, the first one does it */
  async rotate(id: number, from: CookieHash, to: CookieHash, now: Date): Promise<boolean> {
    const { count } = await this.database.prisma.session.updateMany({
      where: { id, hash: from, revokedAt: null },
      data: { hash: to, previousHash: from, rotatedAt: now },
    });
    return count > 0;
  }

  /** Writes nothing where a use at or after `unlessSince` is on record. */
  async recordUse(id: number, at: Date, unlessSince: Date): Promise<void> {
    await this.database.prisma.session.updateMany({
      where: { id, lastUsedAt: { lt: unlessSince } },
      data: { lastUsedAt: at },
    });
  }

  async revoke(hash: CookieHash, now: Date): Promise<void> {
    await this.database.prisma.session.updateMany({
      where: { ...having(hash), revokedAt: null },
      data: { revokedAt: now },
    });
  }

  async revokeAllOf(userId: number, now: Date): Promise<void> {
    await this.database.prisma.session.updateMany({
      where: { userId, revokedAt: null },
      data: { revokedAt: now },
    });
  }
}

function having(hash: CookieHash) {
  return { OR: [{ hash }, { previousHash: hash }] } satisfies Prisma.SessionWhereInput;
}
