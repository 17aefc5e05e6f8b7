import type { SessionCredential, SessionStore } from '../../storage/accounts/session-store.js';
import type { TokenCredential, TokenStore } from '../../storage/accounts/token-store.js';
import type { UserCredential, UserStore } from '../../storage/accounts/user-store.js';
import type { Clock } from '../shared/clock.js';
import type { LookupResult, Lookup } from './credential-cache.js';
import type { LastUsedRecorder } from './last-used-recorder.js';
import type { Passwords } from '../accounts/passwords.js';
import { UnauthenticatedError } from '../shared/errors.js';
import { SCOPES, type Principal, type Role, type Scope } from '../shared/principal.js';
import { sha256 } from '../shared/secrets.js';
import { previousCookieEnd, sessionEnd } from './session-lifetime.js';
import { usernameError } from '../accounts/users.js';

const SCOPES_OF: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  VIEWER: new Set(['READ']),
  ADMIN: new Set(SCOPES),
};

/** The password is right, but a code has to follow, which only the sign-in page asks for. */
export class SecondFactorRequiredError extends UnauthenticatedError {
  constructor(readonly user: UserCredential) {
    super('This user signs in with a second factor. Use an API token instead of the password.');
  }
}

type Hash = Uint8Array<ArrayBuffer>;

export interface CredentialLookupDeps {
  readonly users: UserStore;
  readonly tokens: TokenStore;
  readonly sessions: SessionStore;
  readonly passwords: Passwords;
  readonly tokenUse: LastUsedRecorder;
  readonly sessionUse: LastUsedRecorder;
  readonly clock: Clock;
}

/**
 * How each kind of credential is looked up, and when it is valid. A credential is looked up only
 * while it is used, and then a few times a second at most.
 */
export class CredentialLookup {
  constructor(private readonly deps: CredentialLookupDeps) {}

  token(key: string): Lookup {
    return () => this.tokenByHash(sha256(key))();
  }

  /**
   * A refresh compares the hash that the password was verified against: the costly function runs
   * once.
   * @throws SecondFactorRequiredError
   */
  password(username: string, password: string, network: string): Lookup {
    return async () => {
      const user = await this.verifiedUser(username, password, network);
      if (user?.totpConfirmedAt) throw new SecondFactorRequiredError(user);
      return user && this.userResult(user);
    };
  }

  /** The user, where the password is right and they are not disabled. Runs the costly function. */
  async verifiedUser(
    username: string,
    password: string,
    network: string,
  ): Promise<UserCredential | undefined> {
    const user = await this.user(username);
    const right = await this.deps.passwords.verify(user?.passwordHash, password, network);
    return user && right && !user.disabledAt ? user : undefined;
  }

  session(cookie: string): Lookup {
    return () => this.sessionByHash(sha256(cookie))();
  }

  // Tokens and sessions are looked up again by their hash, so that the secret is not kept.
  private tokenByHash(hash: Hash): Lookup {
    const lookup: Lookup = async () => {
      const token = await this.deps.tokens.findCredential(hash);
      if (!token || token.revokedAt || this.isOver(token.expiresAt)) return undefined;
      this.deps.tokenUse.record(token.id);
      return { principal: tokenPrincipal(token), expiresAt: token.expiresAt, refresh: lookup };
    };
    return lookup;
  }

  private sessionByHash(hash: Hash): Lookup {
    const lookup: Lookup = async () => {
      const session = await this.deps.sessions.findCredential(hash);
      if (!session) return undefined;
      const isCurrent = Buffer.compare(session.hash, hash) === 0;
      const end = isCurrent ? sessionEnd(session) : previousCookieEnd(session);
      const result = this.sessionResult(session, end, lookup);
      if (result) this.deps.sessionUse.record(session.id);
      return result;
    };
    return lookup;
  }

  private sessionById(id: number): Lookup {
    const lookup: Lookup = async () => {
      const session = await this.deps.sessions.findCredentialById(id);
      return session ? this.sessionResult(session, sessionEnd(session), lookup) : undefined;
    };
    return lookup;
  }

  private sessionResult(
    session: SessionCredential,
    end: Date,
    refresh: Lookup,
  ): LookupResult | undefined {
    if (session.revokedAt || session.user.disabledAt || this.isOver(end)) return undefined;
    return {
      principal: userPrincipal(session.user, session.id),
      expiresAt: end,
      refresh,
      renewal: { key: `session ${session.id}`, lookup: this.sessionById(session.id) },
    };
  }

  private userResult(user: UserCredential): LookupResult | undefined {
    if (user.disabledAt || user.totpConfirmedAt) return undefined;
    const refresh: Lookup = async () => {
      const now = await this.user(user.username);
      return now?.passwordHash === user.passwordHash ? this.userResult(now) : undefined;
    };
    return { principal: userPrincipal(user), expiresAt: null, refresh };
  }

  private async user(username: string): Promise<UserCredential | undefined> {
    // No user has a name that breaks the rules, and PostgreSQL takes no NUL in a parameter.
    if (usernameError(username)) return undefined;
    return (await this.deps.users.findCredential(username)) ?? undefined;
  }

  private isOver(end: Date | null): boolean {
    return end !== null && end <= this.deps.clock();
  }
}

function tokenPrincipal({ id, name, scopes, account }: TokenCredential): Principal {
  return {
    accountId: account.id,
    accountName: account.name,
    actor: { kind: 'token', id, name },
    scopes: new Set(scopes),
  };
}

function userPrincipal(
  { id, username, role, account }: UserCredential,
  sessionId?: number,
): Principal {
  return {
    accountId: account.id,
    accountName: account.name,
    actor: { kind: 'user', id, username, role, ...(sessionId !== undefined && { sessionId }) },
    scopes: SCOPES_OF[role],
  };
}
