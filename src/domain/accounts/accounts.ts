import { isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type { AccountRecord, AccountStore } from '../../storage/accounts/account-store.js';
import { auditEntry, type AuditEntry } from '../shared/audit.js';
import { InvalidInputError, NotFoundError } from '../shared/errors.js';
import { SCOPES, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { nameError } from '../shared/name-rules.js';
import { usernameError } from './users.js';

export const MAX_ACCOUNT_NAME = 150;

/** One of the ways to say which account is meant. */
export type AccountClue =
  | { readonly name: string }
  | { readonly username: string }
  | { readonly tokenId: number };

/** The tenants. Only the operator, at the command line, creates them and acts in them. */
export class Accounts {
  constructor(
    private readonly accounts: AccountStore,
    private readonly osUser?: string,
  ) {}

  /** @throws InvalidInputError of `name`, also where there is an account of that name */
  async create(name: string): Promise<AccountRecord> {
    const error = nameError(name, MAX_ACCOUNT_NAME);
    if (error) throw InvalidInputError.of('name', error);
    try {
      return await this.accounts.create(name, (account) => this.creationOf(account));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw InvalidInputError.of(
        'name',
        `There is an account named ${JSON.stringify(name)} already.`,
      );
    }
  }

  list(): Promise<AccountRecord[]> {
    return this.accounts.list();
  }

  async findByName(name: string): Promise<AccountRecord | undefined> {
    if (nameError(name, MAX_ACCOUNT_NAME)) return undefined;
    return (await this.accounts.findByName(name)) ?? undefined;
  }

  /**
   * The operator as a principal of an account, with every scope.
   * @throws NotFoundError that says what was not found
   */
  async operatorIn(clue: AccountClue): Promise<Principal> {
    const account = await this.find(clue);
    if (!account) throw new NotFoundError(`There is no ${describe(clue)}.`);
    return this.operatorOf(account);
  }

  private operatorOf({ id, name }: AccountRecord): Principal {
    return {
      accountId: id,
      accountName: name,
      actor: { kind: 'operator', ...(this.osUser !== undefined && { osUser: this.osUser }) },
      scopes: new Set(SCOPES),
    };
  }

  private creationOf(account: AccountRecord): AuditEntry {
    const { id, name } = account;
    return auditEntry(this.operatorOf(account), 'ACCOUNT_CREATED', { type: 'ACCOUNT', id, name });
  }

  private async find(clue: AccountClue): Promise<AccountRecord | null | undefined> {
    if ('name' in clue) return this.findByName(clue.name);
    if ('tokenId' in clue) {
      return isRecordId(clue.tokenId) ? this.accounts.findByTokenId(clue.tokenId) : undefined;
    }
    return usernameError(clue.username) ? undefined : this.accounts.findByUsername(clue.username);
  }
}

function describe(clue: AccountClue): string {
  if ('name' in clue) return `account named ${JSON.stringify(clue.name)}`;
  if ('tokenId' in clue) return `token ${clue.tokenId}`;
  return `user named ${JSON.stringify(clue.username)}`;
}
