import { isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type { AccountRecord } from '../../storage/accounts/account-store.js';
import type { AuditStore } from '../../storage/audit/audit-store.js';
import type { UserCredential, UserStore } from '../../storage/accounts/user-store.js';
import type { Accounts } from '../accounts/accounts.js';
import { NO_PASSWORD } from '../accounts/passwords.js';
import { MAX_USERNAME, usernameError } from '../accounts/users.js';
import { DomainError } from '../shared/errors.js';
import type { Role } from '../shared/principal.js';
import { userEvent, type SessionCookie, type Sessions, type SignInOrigin } from './sessions.js';

/** What an OpenID Connect provider says of a user, verified. */
export interface ProviderIdentity {
  /** together they are the user's, for ever */
  readonly issuer: string;
  readonly subject: string;
  /** that the user would like, the best first */
  readonly usernames: readonly string[];
  /** names of accounts, of which exactly one must exist */
  readonly accounts: readonly string[];
  /** undefined: the provider does not say; NONE: the user is to have no access */
  readonly role: Role | 'NONE' | undefined;
}

/** The provider knows the user, who has no access here. The message says why. */
export class AccessRefusedError extends DomainError {
  readonly code = 'FORBIDDEN';
}

export interface ProviderSignInDeps {
  readonly users: UserStore;
  readonly accounts: Pick<Accounts, 'findByName'>;
  readonly audit: AuditStore;
  readonly sessions: Sessions;
}

// A claim may list all of a user's groups.
const MAX_ACCOUNTS = 100;
const MAX_SUFFIX = 100;
const ASK = 'Ask your administrator.';

/**
 * Signs in the users of an OpenID Connect provider, who are known by issuer and subject alone: a
 * username or an e-mail address may belong to someone else here.
 */
export class ProviderSignIn {
  constructor(private readonly deps: ProviderSignInDeps) {}

  /**
   * Creates the user at the first sign-in, without a password. What the provider says of the role
   * applies from each sign-in on.
   * @throws AccessRefusedError
   */
  async signIn(identity: ProviderIdentity, origin: SignInOrigin): Promise<SessionCookie> {
    const known = await this.deps.users.findByIdentity(identity);
    try {
      if (known?.disabledAt) throw new AccessRefusedError(`Your access is disabled. ${ASK}`);
      const account = await this.accountOf(identity, known);
      if (identity.role === 'NONE') {
        throw new AccessRefusedError(`Your groups give you no access. ${ASK}`);
      }
      const user = known
        ? await this.withRole(known, identity, origin)
        : await this.create(account, identity, origin);
      const cookie = await this.deps.sessions.begin(user, origin, { issuer: identity.issuer });
      if (!cookie) throw new AccessRefusedError('Your access has just changed. Try again.');
      return cookie;
    } catch (error) {
      if (known && error instanceof AccessRefusedError) await this.logRefusal(known, origin, error);
      throw error;
    }
  }

  private async accountOf(
    { accounts }: ProviderIdentity,
    known: UserCredential | undefined,
  ): Promise<AccountRecord> {
    const found: AccountRecord[] = [];
    for (const name of new Set(accounts.slice(0, MAX_ACCOUNTS))) {
      const account = await this.deps.accounts.findByName(name);
      if (account) found.push(account);
    }
    const [account] = found;
    if (!account) throw new AccessRefusedError(`No account here is yours. ${ASK}`);
    if (!known) {
      if (found.length === 1) return account;
      throw new AccessRefusedError(`More than one account here is yours. ${ASK}`);
    }
    // A user stays in one account: what they did there is theirs.
    const own = found.find(({ id }) => id === known.account.id);
    if (own) return own;
    throw new AccessRefusedError(`You belong to another account here than before. ${ASK}`);
  }

  private async withRole(
    user: UserCredential,
    { role = user.role, issuer }: ProviderIdentity,
    origin: SignInOrigin,
  ): Promise<UserCredential> {
    if (role === 'NONE' || role === user.role) return user;
    const event = userEvent('USER_ROLE_CHANGED', user, origin.address, { role, issuer });
    await this.deps.users.update(user.account.id, user.username, { role }, () => [event]);
    return { ...user, role };
  }

  /** Two first sign-ins at once make one user. */
  private async create(
    account: AccountRecord,
    identity: ProviderIdentity,
    { address }: SignInOrigin,
  ): Promise<UserCredential> {
    const { issuer } = identity;
    const role: Role = identity.role === 'ADMIN' ? 'ADMIN' : 'VIEWER';
    for (const username of usernamesFor(identity)) {
      const user = { username, passwordHash: NO_PASSWORD, role, identity };
      try {
        await this.deps.users.create(account.id, user, ({ id }) =>
          userEvent('USER_CREATED', { id, username, account }, address, { role, issuer }),
        );
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
      }
      const created = await this.deps.users.findByIdentity(identity);
      if (created) return created;
    }
    throw new AccessRefusedError(`All usernames like yours are taken. ${ASK}`);
  }

  private async logRefusal(
    user: UserCredential,
    { address }: SignInOrigin,
    { message }: AccessRefusedError,
  ): Promise<void> {
    await this.deps.audit.log(userEvent('SIGN_IN_FAILED', user, address, { reason: message }));
  }
}

/** The first name that can be one, then with numbers: `ada`, `ada-2`, `ada-3`. */
function usernamesFor({ usernames, subject }: ProviderIdentity): string[] {
  // A colon would end a username in a Basic header.
  const wanted = [...usernames, subject].map((name) => name.replaceAll(':', '_').trim());
  const usable = wanted.find((name) => !usernameError(name)) ?? 'user';
  const stem = [...usable].slice(0, MAX_USERNAME - String(MAX_SUFFIX).length - 1).join('');
  const numbers = Array.from({ length: MAX_SUFFIX - 1 }, (_, index) => `${stem}-${index + 2}`);
  return [usable, ...numbers];
}
