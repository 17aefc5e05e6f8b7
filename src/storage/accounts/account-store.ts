import type { Account } from '../../generated/prisma/client.js';
import type { Database } from '../postgres/database.js';

export type AccountRecord = Account;

export class AccountStore {
  constructor(private readonly database: Database) {}

  create(name: string): Promise<AccountRecord> {
    return this.database.credentials.prisma.account.create({ data: { name } });
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
