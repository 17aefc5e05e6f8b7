import { randomBytes } from 'node:crypto';
import type { TokenRecord, TokenStore } from '../../storage/accounts/token-store.js';
import { auditEntry } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import {
  fieldErrors,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../shared/errors.js';
import { requireScope, SCOPES, type Principal, type Scope } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import { sha256 } from '../shared/secrets.js';
import { nameError } from '../shared/name-rules.js';
import { LAST_INSTANT } from '../shared/time.js';

export const MAX_TOKEN_NAME = 150;

const KEY_BYTES = 32;

export interface CreateTokenInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null or absent: never expires */
  readonly expiresAt?: Date | null | undefined;
}

/** A new token with its key, which is not shown again. */
export interface CreatedToken extends TokenRecord {
  readonly key: string;
}

export interface TokensDeps {
  readonly tokens: TokenStore;
  readonly clock: Clock;
  /** called after access was taken away, so that it ends on this instance at once */
  readonly onRevoked: () => void;
}

/** The machine credentials of an account. Every call needs ADMIN. */
export class Tokens {
  constructor(private readonly deps: TokensDeps) {}

  /**
   * Only the SHA-256 of the key is kept. A fast hash is enough: the key is 256 random bits and
   * cannot be guessed.
   * @throws InvalidInputError of `name`, `scopes` and `expiresAt`
   */
  async create(principal: Principal, input: CreateTokenInput): Promise<CreatedToken> {
    requireScope(principal, 'ADMIN');
    const [error, ...more] = errorsOf(input, this.deps.clock());
    if (error) throw new InvalidInputError([error, ...more]);
    const key = `fg_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const { name, expiresAt = null } = input;
    const scopes = SCOPES.filter((scope) => input.scopes.includes(scope));
    const details = { scopes, expiresAt: expiresAt && expiresAt.toISOString() };
    const token = await this.deps.tokens.create(
      principal.accountId,
      { name, hash: sha256(key), scopes, expiresAt },
      ({ id }) => auditEntry(principal, 'TOKEN_CREATED', { type: 'TOKEN', id, name }, details),
    );
    return { ...token, key };
  }

  /** Oldest first, including expired ones, without revoked ones. */
  async list(principal: Principal): Promise<TokenRecord[]> {
    requireScope(principal, 'ADMIN');
    return this.deps.tokens.list(principal.accountId);
  }

  /** Ends the token's access everywhere within a second. Revoking a token again changes nothing. */
  async revoke(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const { tokens, clock, onRevoked } = this.deps;
    const found =
      isRecordId(id) &&
      (await tokens.revoke(principal.accountId, id, clock(), ({ name }) =>
        auditEntry(principal, 'TOKEN_REVOKED', { type: 'TOKEN', id, name }),
      ));
    if (!found) throw new NotFoundError();
    onRevoked();
  }
}

function errorsOf({ name, scopes, expiresAt }: CreateTokenInput, now: Date): FieldError[] {
  return fieldErrors({
    name: nameError(name, MAX_TOKEN_NAME),
    scopes: scopes.length > 0 ? undefined : `Must name at least one of ${SCOPES.join(', ')}.`,
    expiresAt: expiresAt ? expiryError(expiresAt, now) : undefined,
  });
}

function expiryError(expiresAt: Date, now: Date): string | undefined {
  const time = expiresAt.getTime();
  if (!(time <= LAST_INSTANT.getTime())) return 'Must be a datetime before the year 10000.';
  if (time <= now.getTime()) return `Must be in the future, not ${expiresAt.toISOString()}.`;
  return undefined;
}
