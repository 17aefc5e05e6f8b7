import { isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type { TotpStore } from '../../storage/accounts/totp-store.js';
import type { SessionStore } from '../../storage/accounts/session-store.js';
import type { ProviderUser, UserRecord, UserStore } from '../../storage/accounts/user-store.js';
import { auditEntry, type AuditEntry, type AuditEventType } from '../shared/audit.js';
import type { Clock } from '../shared/clock.js';
import {
  ConflictError,
  fieldErrors,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../shared/errors.js';
import { MAX_PASSWORD_BYTES, type Passwords } from './passwords.js';
import { providerUser } from './provider-user.js';
import { requireScope, type Principal, type Role } from '../shared/principal.js';
import { nameError } from '../shared/name-rules.js';

export const MAX_USERNAME = 150;

export interface CreateUserInput {
  readonly username: string;
  readonly password: string;
  readonly role?: Role | undefined;
}

/** What is null or absent stays. */
export interface UpdateUserInput {
  readonly role?: Role | null | undefined;
  readonly disabled?: boolean | null | undefined;
  readonly password?: string | null | undefined;
}

export interface UsersDeps {
  readonly users: UserStore;
  readonly sessions: Pick<SessionStore, 'revokeOf'>;
  readonly totp: Pick<TotpStore, 'remove'>;
  readonly passwords: Passwords;
  readonly clock: Clock;
  /** called after access was taken away, so that it ends on this instance at once */
  readonly onRevoked: () => void;
}

/** The people of an account. Every call needs ADMIN. */
export class Users {
  constructor(private readonly deps: UsersDeps) {}

  /**
   * Creates a viewer unless `role` says otherwise. Usernames are unique over all accounts and
   * compared exactly.
   * @throws InvalidInputError of `username` and `password`
   */
  async create(principal: Principal, input: CreateUserInput): Promise<UserRecord> {
    requireScope(principal, 'ADMIN');
    const { username, password, role = 'VIEWER' } = input;
    const [error, ...more] = newUserErrors(input);
    if (error) throw new InvalidInputError([error, ...more]);
    const passwordHash = await this.deps.passwords.hash(password);
    try {
      return await this.deps.users.create(
        principal.accountId,
        { username, passwordHash, role },
        eventOf(principal, 'USER_CREATED', username, { role }),
      );
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw InvalidInputError.of(
        'username',
        `There is a user named ${JSON.stringify(username)} already.`,
      );
    }
  }

  async list(principal: Principal): Promise<UserRecord[]> {
    requireScope(principal, 'ADMIN');
    return this.deps.users.list(principal.accountId);
  }

  /** Ends the user's access everywhere within a second. */
  disable(principal: Principal, username: string): Promise<UserRecord> {
    return this.change(principal, username, { disabledAt: this.deps.clock() });
  }

  enable(principal: Principal, username: string): Promise<UserRecord> {
    return this.change(principal, username, { disabledAt: null });
  }

  setRole(principal: Principal, username: string, role: Role): Promise<UserRecord> {
    return this.change(principal, username, { role });
  }

  /**
   * Signs the user out everywhere too.
   * @throws InvalidInputError of `password`
   */
  async setPassword(principal: Principal, username: string, password: string): Promise<void> {
    requireScope(principal, 'ADMIN');
    const error = passwordError(password);
    if (error) throw InvalidInputError.of('password', error);
    if (usernameError(username)) throw new NotFoundError();
    const { users, passwords, clock, onRevoked } = this.deps;
    const hash = await passwords.hash(password);
    const found = await users.setPassword(
      ...([principal.accountId, username, hash, clock()] as const),
      eventOf(principal, 'USER_PASSWORD_CHANGED', username),
    );
    if (!found) throw new NotFoundError();
    onRevoked();
  }

  /**
   * From then on the user is the one that an OpenID Connect provider knows by issuer and subject, or
   * none of a provider where that is undefined. Sessions that began at a provider end.
   * @throws InvalidInputError of `issuer` and `subject`, also where another user is that one
   */
  async setIdentity(
    principal: Principal,
    username: string,
    identity: ProviderUser | undefined,
  ): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (usernameError(username)) throw new NotFoundError();
    const known = identity && providerUser(identity.issuer, identity.subject);
    const { users, clock, onRevoked } = this.deps;
    const details = { issuer: known?.issuer ?? null };
    const event = eventOf(principal, 'USER_IDENTITY_CHANGED', username, details);
    try {
      const { accountId } = principal;
      if (!(await users.setIdentity(accountId, username, known, clock(), event))) {
        throw new NotFoundError();
      }
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw InvalidInputError.of('subject', 'Another user has this identity already.');
    }
    onRevoked();
  }

  /** Ends the user's access everywhere within a second; what the user recorded stays. */
  async delete(principal: Principal, username: string): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (usernameError(username)) throw new NotFoundError();
    const found = await this.deps.users.delete(
      principal.accountId,
      username,
      eventOf(principal, 'USER_DELETED', username),
    );
    if (!found) throw new NotFoundError();
    this.deps.onRevoked();
  }

  /**
   * Removes the second factor of a user who has lost it: the password alone is then enough. An
   * administrator cannot remove their own in this way, lest a stolen session do it.
   * @throws NotFoundError, also where the user has none; ConflictError of an own one
   */
  async resetTotp(
    principal: Principal,
    which: { readonly id: number } | { readonly username: string },
  ): Promise<UserRecord> {
    const user = (await this.list(principal)).find((each) =>
      'id' in which ? each.id === which.id : each.username === which.username,
    );
    if (!user) throw new NotFoundError();
    const { id, username } = user;
    if (principal.actor.kind === 'user' && principal.actor.id === id) {
      throw new ConflictError('Users remove their own second factor with a code.');
    }
    const event = eventOf(principal, 'USER_TOTP_RESET', username)(user);
    if (!(await this.deps.totp.remove({ accountId: principal.accountId, id }, event))) {
      throw new NotFoundError('The user has no second factor.');
    }
    this.deps.onRevoked();
    return { ...user, totpConfirmedAt: null };
  }

  /**
   * As an administrator changes another user. Users cannot take access from themselves, so that an
   * account keeps an administrator; and a stolen session is not to become a password.
   * @throws NotFoundError; ConflictError of an own access; InvalidInputError of `password`
   */
  async update(principal: Principal, id: number, input: UpdateUserInput): Promise<UserRecord> {
    const user = (await this.list(principal)).find((each) => each.id === id);
    if (!user) throw new NotFoundError();
    const { role, disabled, password } = input;
    const isOwn = principal.actor.kind === 'user' && principal.actor.id === id;
    if (isOwn && (disabled === true || role === 'VIEWER' || typeof password === 'string')) {
      throw new ConflictError(
        'Users cannot disable themselves, take the role ADMIN from themselves or replace their own password.',
      );
    }
    if (typeof password === 'string') await this.setPassword(principal, user.username, password);
    const isChanged = typeof disabled === 'boolean' && disabled !== (user.disabledAt !== null);
    const change = {
      ...(role && { role }),
      ...(isChanged && { disabledAt: disabled ? this.deps.clock() : null }),
    };
    const hasChange = Object.keys(change).length > 0;
    return hasChange ? this.change(principal, user.username, change) : user;
  }

  /**
   * Signs another user, or oneself, out of every browser within a second.
   * @returns the number of sessions that ended
   * @throws NotFoundError
   */
  async endSessions(principal: Principal, id: number): Promise<number> {
    const user = (await this.list(principal)).find((each) => each.id === id);
    if (!user) throw new NotFoundError();
    const event = eventOf(principal, 'SIGNED_OUT_EVERYWHERE', user.username)(user);
    const count = await this.deps.sessions.revokeOf(id, {}, this.deps.clock(), event);
    this.deps.onRevoked();
    return count;
  }

  private async change(
    principal: Principal,
    username: string,
    change: UserChange,
  ): Promise<UserRecord> {
    requireScope(principal, 'ADMIN');
    if (usernameError(username)) throw new NotFoundError();
    const user = await this.deps.users.update(
      principal.accountId,
      username,
      change,
      changeEvents(principal, username, change),
    );
    if (!user) throw new NotFoundError();
    this.deps.onRevoked();
    return user;
  }
}

interface UserChange {
  disabledAt?: Date | null;
  role?: Role;
}

function changeEvents(
  principal: Principal,
  username: string,
  { disabledAt, role }: UserChange,
): (user: { id: number }) => AuditEntry[] {
  const events: ((user: { id: number }) => AuditEntry)[] = [];
  if (role) events.push(eventOf(principal, 'USER_ROLE_CHANGED', username, { role }));
  if (disabledAt !== undefined) {
    events.push(eventOf(principal, disabledAt ? 'USER_DISABLED' : 'USER_ENABLED', username));
  }
  return (user) => events.map((event) => event(user));
}

function eventOf(
  principal: Principal,
  event: AuditEventType,
  name: string,
  details: AuditEntry['details'] = {},
): (user: { id: number }) => AuditEntry {
  return ({ id }) => auditEntry(principal, event, { type: 'USER', id, name }, details);
}

/** The rules that the username and the password of a new user break. */
export function newUserErrors({
  username,
  password,
}: Pick<CreateUserInput, 'username' | 'password'>): FieldError[] {
  return fieldErrors({ username: usernameError(username), password: passwordError(password) });
}

/**
 * What is wrong with a username, if anything. A colon would end it in a Basic header (RFC 7617,
 * section 2).
 */
export function usernameError(username: string): string | undefined {
  if (username.includes(':')) return 'Must not contain a colon.';
  return nameError(username, MAX_USERNAME);
}

// Any Unicode and any length: the operator alone sets passwords and judges what is too short, and
// guessing is slowed down. The bound keeps a request from making the hash function work on
// megabytes.
export function passwordError(password: string): string | undefined {
  if (password === '') return 'Must not be empty.';
  // A lone surrogate becomes U+FFFD in UTF-8: other passwords would match too.
  if (/\p{Cs}/u.test(password)) return 'Must be well-formed Unicode.';
  const bytes = Buffer.byteLength(password);
  if (bytes > MAX_PASSWORD_BYTES) {
    return `Must be at most ${MAX_PASSWORD_BYTES} bytes long in UTF-8, not ${bytes}.`;
  }
  return undefined;
}
