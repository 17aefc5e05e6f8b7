import type { Account } from '../../generated/prisma/client.js';
import { createEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database } from '../postgres/database.js';

export type AccountRecord = Account;

export class AccountStore {
  constructor(private readonly database: Database) {}

  /** @param eventOf the event to log of the account that was created */
  create(name: string, eventOf: (account: AccountRecord) => AuditEntry): Promise<AccountRecord> {
    return this.database.credentials.prisma.$transaction(async (transaction) => {
      const account = await transaction.account.create({ data: { name } });
      await createEvent(transaction, eventOf(account));
      return account;
    });
  }

  list(): Promise<AccountRecord[]> {
    return this.database.credentials.prisma.account.findMany({ orderBy: { id: 'asc' } });
  }

  findByName(name: string): Promise<AccountRecord | null> {
    return this.database.credentials.prisma.account.findUnique({ where: { name } });
  }

  findByUsername(username: string): Promise<AccountRecord | null> {
    return this.database.credentials.prisma.account.findFirst({
      where: { users: { some: { username } } },
    });
  }

  findByTokenId(id: number): Promise<AccountRecord | null> {
    return this.database.credentials.prisma.account.findFirst({
      where: { tokens: { some: { id } } },
    });
  }
}
