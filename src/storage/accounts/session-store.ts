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
  issuer: true,
  user: { select: USER_CREDENTIAL },
} satisfies Prisma.SessionSelect;

const PUBLIC = {
  id: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
  address: true,
  userAgent: true,
} satisfies Prisma.SessionSelect;

/** A session as its user may see it. */
export type SessionRecord = Prisma.SessionGetPayload<{ select: typeof PUBLIC }>;

export type SessionCredential = Prisma.SessionGetPayload<{ select: typeof CREDENTIAL }>;

// The lock makes a change of the password wait, and then see the session that it is to end.
const CREATE_SESSION: Statement = {
  name: 'create_session',
  text: `
    INSERT INTO session
      (user_id, hash, created_at, rotated_at, last_used_at, expires_at, address, user_agent, issuer)
    SELECT id, $3, $4, $4, $4, $5, $6, $7, $8
    FROM app_user
    WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL
    FOR SHARE
    RETURNING id`,
};

export interface NewSession {
  readonly hash: CookieHash;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string | null;
  /** the OpenID Connect provider at which the user signed in; null: with a password */
  readonly issuer: string | null;
}

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
    { hash, now, expiresAt, address, userAgent, issuer }: NewSession,
    audit: AuditEntry,
  ): Promise<boolean> {
    await this.database.credentials.prisma.session.deleteMany({
      where: { userId: id, expiresAt: { lt: now } },
    });
    const values = [
      id,
      passwordHash,
      Buffer.from(hash),
      now,
      expiresAt,
      address,
      userAgent,
      issuer,
    ];
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

  /**
   * @param audit of the session, called where it had not ended
   * @returns the session that it ended
   */
  revoke(
    hash: CookieHash,
    now: Date,
    audit: (session: SessionCredential) => AuditEntry,
  ): Promise<SessionCredential | undefined> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const where = { ...having(hash), revokedAt: null };
      const session = await transaction.session.findFirst({ where, select: CREDENTIAL });
      if (!session) return undefined;
      const { count } = await transaction.session.updateMany({
        where: { id: session.id, revokedAt: null },
        data: { revokedAt: now },
      });
      if (count === 0) return undefined;
      await createEvent(transaction, audit(session));
      return session;
    });
  }

  /** Those that have not been ended, the last used first. */
  listOf(userId: number): Promise<SessionRecord[]> {
    return this.database.credentials.prisma.session.findMany({
      where: { userId, revokedAt: null },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
      select: PUBLIC,
    });
  }

  /** Ends the sessions of a user that `which` selects. @returns their number */
  revokeOf(
    userId: number,
    which: { id?: number | { not: number } },
    now: Date,
    audit: AuditEntry,
  ): Promise<number> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.session.updateMany({
        where: { userId, revokedAt: null, ...which },
        data: { revokedAt: now },
      });
      if (count > 0) await createEvent(transaction, audit);
      return count;
    });
  }
}

function having(hash: CookieHash) {
  return { OR: [{ hash }, { previousHash: hash }] } satisfies Prisma.SessionWhereInput;
}
