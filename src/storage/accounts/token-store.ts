import type { Prisma, Scope } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';

const PUBLIC = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} satisfies Prisma.ApiTokenSelect;

const CREDENTIAL = {
  id: true,
  name: true,
  scopes: true,
  expiresAt: true,
  revokedAt: true,
  account: { select: { id: true, name: true } },
} satisfies Prisma.ApiTokenSelect;

/** A token as it may be shown; its key is not kept. */
export type TokenRecord = Prisma.ApiTokenGetPayload<{ select: typeof PUBLIC }>;

export type TokenCredential = Prisma.ApiTokenGetPayload<{ select: typeof CREDENTIAL }>;

export interface NewToken {
  readonly name: string;
  /** SHA-256 of the key */
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly scopes: Scope[];
  readonly expiresAt: Date | null;
}

export class TokenStore {
  constructor(private readonly database: Database) {}

  create(
    accountId: number,
    token: NewToken,
    audit: (token: { id: number; name: string }) => AuditEntry,
  ): Promise<TokenRecord> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const data = { accountId, ...token };
      const created = await transaction.apiToken.create({ data, select: PUBLIC });
      await createEvent(transaction, audit(created));
      return created;
    });
  }

  /** Those that are not revoked, expired ones included. */
  list(accountId: number): Promise<TokenRecord[]> {
    return this.database.credentials.prisma.apiToken.findMany({
      where: { accountId, revokedAt: null },
      orderBy: { id: 'asc' },
      select: PUBLIC,
    });
  }

  findCredential(hash: Uint8Array<ArrayBuffer>): Promise<TokenCredential | null> {
    return this.database.credentials.prisma.apiToken.findUnique({
      where: { hash },
      select: CREDENTIAL,
    });
  }

  /**
   * A token that was revoked before keeps the instant.
   * @returns whether the account has such a token, revoked or not
   */
  revoke(
    accountId: number,
    id: number,
    now: Date,
    audit: (token: { id: number; name: string }) => AuditEntry,
  ): Promise<boolean> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const [revoked] = await transaction.apiToken.updateManyAndReturn({
        where: { id, accountId, revokedAt: null },
        data: { revokedAt: now },
        select: PUBLIC,
      });
      if (revoked) await createEvent(transaction, audit(revoked));
      const where = { id, accountId };
      return revoked !== undefined || (await transaction.apiToken.findFirst({ where })) !== null;
    });
  }

  /** Writes nothing where a use at or after `unlessSince` is on record. */
  async recordUse(id: number, at: Date, unlessSince: Date): Promise<void> {
    await this.database.credentials.prisma.apiToken.updateMany({
      where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: unlessSince } }] },
      data: { lastUsedAt: at },
    });
  }
}
