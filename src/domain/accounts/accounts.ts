import { isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type { AccountRecord, AccountStore } from '../../storage/accounts/account-store.js';
import { InvalidInputError, NotFoundError } from '../shared/errors.js';
import { SCOPES, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { nameError } from '../shared/name-rules.js';
import { usernameError } from './users.js';

export const MAX_ACCOUNT_NAME = 150;

/** One thing that tells which account is meant. */
export type AccountClue =
  { readonly name: string } | { readonly username: string } | { readonly tokenId: number };

/** The tenants. Only the operator, at the command line, makes and enters them. */
export class Accounts {
  constructor(private readonly accounts: AccountStore) {}

  /** @throws InvalidInputError of `name`, also where there is an account of that name */
  async create(name: string): Promise<AccountRecord> {
    const fault = nameError(name, MAX_ACCOUNT_NAME);
    if (fault) throw InvalidInputError.of('name', fault);
    try {
      return await this.accounts.create(name);
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
   * The operator in an account, who may do everything there.
   * @throws NotFoundError that says what there is none of
   */
  async operatorIn(clue: AccountClue): Promise<Principal> {
    const account = await this.find(clue);
    if (!account) throw new NotFoundError(`There is no ${told(clue)}.`);
    return {
      accountId: account.id,
      accountName: account.name,
      actor: { kind: 'operator' },
      scopes: new Set(SCOPES),
    };
  }

  private async find(clue: AccountClue): Promise<AccountRecord | null | undefined> {
    if ('name' in clue) return this.findByName(clue.name);
    if ('tokenId' in clue) {
      return isRecordId(clue.tokenId) ? this.accounts.findByTokenId(clue.tokenId) : undefined;
    }
    return usernameError(clue.username) ? undefined : this.accounts.findByUsername(clue.username);
  }
}

function told(clue: AccountClue): string {
  if ('name' in clue) return `account named ${JSON.stringify(clue.name)}`;
  if ('tokenId' in clue) return `token ${clue.tokenId}`;
  return `user named ${JSON.stringify(clue.username)}`;
}
