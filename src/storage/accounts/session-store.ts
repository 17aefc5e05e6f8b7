import type { Prisma } from '../../generated/prisma/client.js';
import { createEvent, logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Statement } from '../postgres/database.js';
import { USER_CREDENTIAL } from './user-store.js';

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

// The lock makes a change of the password wait, and then see the session that it is to end.
const CREATE_SESSION: Statement = {
  name: 'create_session',
  text: `
    INSERT INTO session (user_id, hash, created_at, rotated_at, last_used_at, expires_at)
    SELECT id, $3, $4, $4, $4, $5
    FROM app_user
    WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL
    FOR SHARE
    RETURNING id`,
};

/** SHA-256 of a cookie. */
export type CookieHash = Uint8Array<ArrayBuffer>;

export class SessionStore {
  constructor(private readonly database: Database) {}

  /**
   * Also forgets the user's sessions that have expired.
   * @returns false, without creating a session, if the user's password has changed since
   */
  async create(
    { id, passwordHash }: { id: number; passwordHash: string },
    hash: CookieHash,
    now: Date,
    expiresAt: Date,
    audit: AuditEntry,
  ): Promise<boolean> {
    await this.database.credentials.prisma.session.deleteMany({
      where: { userId: id, expiresAt: { lt: now } },
    });
    const values = [id, passwordHash, Buffer.from(hash), now, expiresAt];
    return this.database.credentials.transaction(async (transaction) => {
      const [created] = await transaction.query(CREATE_SESSION, values);
      if (created) await logEvent(transaction, audit);
      return created !== undefined;
    });
  }

  /** The session that has the cookie, or had it before its last change. */
  findCredential(hash: CookieHash): Promise<SessionCredential | null> {
    return this.database.credentials.prisma.session.findFirst({
      where: having(hash),
      select: CREDENTIAL,
    });
  }

  findCredentialById(id: number): Promise<SessionCredential | null> {
    return this.database.credentials.prisma.session.findUnique({
      where: { id },
      select: CREDENTIAL,
    });
  }

  /** @returns whether it was changed: of requests at once, the first one does it */
  async rotate(id: number, from: CookieHash, to: CookieHash, now: Date): Promise<boolean> {
    const { count } = await this.database.credentials.prisma.session.updateMany({
      where: { id, hash: from, revokedAt: null },
      data: { hash: to, previousHash: from, rotatedAt: now },
    });
    return count > 0;
  }

  /** Writes nothing where a use at or after `unlessSince` is on record. */
  async recordUse(id: number, at: Date, unlessSince: Date): Promise<void> {
    await this.database.credentials.prisma.session.updateMany({
      where: { id, lastUsedAt: { lt: unlessSince } },
      data: { lastUsedAt: at },
    });
  }

  async revoke(hash: CookieHash, now: Date): Promise<void> {
    await this.database.credentials.prisma.session.updateMany({
      where: { ...having(hash), revokedAt: null },
      data: { revokedAt: now },
    });
  }

  async revokeAllOf(userId: number, now: Date, audit: AuditEntry): Promise<void> {
    await this.database.credentials.prisma.$transaction(async (transaction) => {
      await transaction.session.updateMany({
        where: { userId, revokedAt: null },
        data: { revokedAt: now },
      });
      await createEvent(transaction, audit);
    });
  }
}

function having(hash: CookieHash) {
  return { OR: [{ hash }, { previousHash: hash }] } satisfies Prisma.SessionWhereInput;
}
