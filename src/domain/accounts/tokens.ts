import { randomBytes } from 'node:crypto';
import type { TokenRecord, TokenStore } from '../../storage/accounts/token-store.js';
import type { Clock } from '../shared/clock.js';
import { InvalidInputError, NotFoundError, type FieldError } from '../shared/errors.js';
import { requireScope, SCOPES, type Principal, type Scope } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { sha256 } from '../shared/secrets.js';
import { nameError } from '../shared/name-rules.js';

export const MAX_TOKEN_NAME = 150;

const KEY_BYTES = 32;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export interface CreateTokenInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null or absent: never expires */
  readonly expiresAt?: Date | null | undefined;
}

/** The one time that the key is told. */
export interface CreatedToken extends TokenRecord {
  readonly key: string;
}

export interface TokensDeps {
  readonly tokens: TokenStore;
  readonly clock: Clock;
  /** told whenever access was taken away, so that this instance need not wait to notice */
  readonly onRevoked: () => void;
}

/** The machine credentials of an account. Every call needs ADMIN. */
export class Tokens {
  constructor(private readonly deps: TokensDeps) {}

  /**
   * Only the SHA-256 of the key is kept: it is 256 random bits, which no one can guess, so a fast hash will do.
   * @throws InvalidInputError of `name`, `scopes` and `expiresAt`
   */
  async create(principal: Principal, input: CreateTokenInput): Promise<CreatedToken> {
    requireScope(principal, 'ADMIN');
    const [fault, ...more] = faultsOf(input, this.deps.clock());
    if (fault) throw new InvalidInputError([fault, ...more]);
    const key = `fg_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const token = await this.deps.tokens.create(principal.accountId, {
      name: input.name,
      hash: sha256(key),
      scopes: SCOPES.filter((scope) => input.scopes.includes(scope)),
      expiresAt: input.expiresAt ?? null,
    });
    return { ...token, key };
  }

  /** Oldest first; expired ones are there, revoked ones are not. */
  async list(principal: Principal): Promise<TokenRecord[]> {
    requireScope(principal, 'ADMIN');
    return this.deps.tokens.list(principal.accountId);
  }

  /** Ends the token's access everywhere within a second. One that was revoked before stays so. */
  async revoke(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const { tokens, clock, onRevoked } = this.deps;
    const found = isRecordId(id) && (await tokens.revoke(principal.accountId, id, clock()));
    if (!found) throw new NotFoundError();
    onRevoked();
  }
}

function faultsOf({ name, scopes, expiresAt }: CreateTokenInput, now: Date): FieldError[] {
  const faults: FieldError[] = [];
  const nameWrong = nameError(name, MAX_TOKEN_NAME);
  if (nameWrong) faults.push({ path: ['name'], message: nameWrong });
  if (scopes.length === 0) {
    faults.push({ path: ['scopes'], message: `Must name at least one of ${SCOPES.join(', ')}.` });
  }
  const expiryWrong = expiresAt && expiryFault(expiresAt, now);
  if (expiryWrong) faults.push({ path: ['expiresAt'], message: expiryWrong });
  return faults;
}

function expiryFault(expiresAt: Date, now: Date): string | undefined {
  const time = expiresAt.getTime();
  if (!(time <= LAST_INSTANT)) return 'Must be a datetime before the year 10000.';
  if (time <= now.getTime()) return `Must be in the future, not ${expiresAt.toISOString()}.`;
  return undefined;
}
