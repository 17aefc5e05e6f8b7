import { hash, randomBytes } from 'node:crypto';
import type { AuditStore } from '../../storage/audit/audit-store.js';
import type { SessionStore } from '../../storage/accounts/session-store.js';
import type { TokenStore } from '../../storage/accounts/token-store.js';
import type { UserCredential, UserStore } from '../../storage/accounts/user-store.js';
import { systemClock, systemStopwatch, type Clock, type Stopwatch } from '../shared/clock.js';
import { CredentialCache } from './credential-cache.js';
import { CredentialWatch } from './credential-watch.js';
import { UnauthenticatedError } from '../shared/errors.js';
import { LoginThrottle } from './login-throttle.js';
import { LastUsedRecorder } from './last-used-recorder.js';
import { CredentialLookup, SecondFactorRequiredError } from './credential-lookup.js';
import { usernameError } from '../accounts/users.js';
import type { Passwords } from '../accounts/passwords.js';
import { networkOf } from '../shared/client-network.js';
import type { Principal } from '../shared/principal.js';

export { SecondFactorRequiredError };

/** Where a request comes from. */
export interface Origin {
  /** the client's IP address, past trusted proxies */
  readonly address: string;
}

export interface AuthenticatorDeps {
  readonly users: UserStore;
  readonly tokens: TokenStore;
  readonly sessions: SessionStore;
  readonly passwords: Passwords;
  readonly audit: AuditStore;
  readonly throttle?: LoginThrottle;
  readonly clock?: Clock;
  readonly stopwatch?: Stopwatch;
}

/**
 * Finds the principal of a credential. Revocation, expiry, a disabled user and another password end
 * access within a second on every instance; a credential that is still valid is looked up about
 * twice a second.
 *
 * Each `with…` method throws UnauthenticatedError where the credential is not valid,
 * RateLimitedError where too many wrong ones came, and DatabaseUnavailableError or UnavailableError
 * where that is unknown.
 */
export class Authenticator {
  private readonly lookups: CredentialLookup;
  private readonly throttle: LoginThrottle;
  private readonly audit: AuditStore;
  private readonly credentials: CredentialCache;
  private readonly watches: CredentialWatch;
  private readonly tokenUse: LastUsedRecorder;
  private readonly sessionUse: LastUsedRecorder;
  // The keys of the cache cannot be computed outside of this process.
  private readonly secret = randomBytes(32).toString('base64');

  constructor(deps: AuthenticatorDeps) {
    const { tokens, sessions, clock = systemClock, stopwatch = systemStopwatch } = deps;
    this.tokenUse = new LastUsedRecorder((...use) => tokens.recordUse(...use), clock, stopwatch);
    this.sessionUse = new LastUsedRecorder(
      (...use) => sessions.recordUse(...use),
      clock,
      stopwatch,
    );
    this.lookups = new CredentialLookup({
      ...deps,
      clock,
      tokenUse: this.tokenUse,
      sessionUse: this.sessionUse,
    });
    this.audit = deps.audit;
    this.throttle = deps.throttle ?? new LoginThrottle();
    this.credentials = new CredentialCache(clock, stopwatch);
    this.watches = new CredentialWatch(this.credentials);
  }

  /** A valid token is never throttled: it is looked up first. */
  async withToken(key: string, { address }: Origin): Promise<Principal> {
    const principal = await this.credentials.find(
      this.cacheKey('token', key),
      this.lookups.token(key),
    );
    if (!principal) {
      await this.throttle.wrongToken(address);
      throw new UnauthenticatedError('Invalid token.');
    }
    return principal;
  }

  /** @throws SecondFactorRequiredError also where a sign-in asks the user for a code */
  async withPassword(username: string, password: string, { address }: Origin): Promise<Principal> {
    const credential = this.cacheKey('password', username, password);
    const principal = await this.throttle.password({ username, address, credential }, () =>
      this.credentials.find(
        credential,
        this.lookups.password(username, password, networkOf(address)),
      ),
    );
    if (!principal) throw await this.signInFailed(username, address);
    return principal;
  }

  /** For signing in: always queries the database and verifies the password, bypassing the cache. */
  async verifyPassword(
    username: string,
    password: string,
    { address }: Origin,
  ): Promise<UserCredential> {
    const credential = this.cacheKey('password', username, password);
    const user = await this.throttle.password({ username, address, credential }, () =>
      this.lookups.verifiedUser(username, password, networkOf(address)),
    );
    if (!user) throw await this.signInFailed(username, address);
    return user;
  }

  private async signInFailed(username: string, address: string): Promise<UnauthenticatedError> {
    if (!usernameError(username)) await this.audit.signInFailed(username, address);
    return wrongPassword();
  }

  /** @param cookie the value that Sessions issued */
  async withSession(cookie: string): Promise<Principal> {
    const key = this.cacheKey('session', cookie);
    const principal = await this.credentials.find(key, this.lookups.session(cookie));
    if (!principal) throw new UnauthenticatedError('Your session has ended. Sign in again.');
    return principal;
  }

  /**
   * The current principal of something that stays open, for each operation or event of a WebSocket
   * or subscription. Mostly answered from the cache.
   */
  async renew(principal: Principal): Promise<Principal> {
    const now = await this.credentials.renew(principal);
    if (!now) throw new UnauthenticatedError('Your access has ended.');
    return now;
  }

  /**
   * Calls `onEnd` once, within a second after the principal's credential ended or lost a scope.
   * @param principal one that this authenticator returned; any other, e.g. the operator, never ends
   * @returns a function that ends the watch
   */
  watch(principal: Principal, onEnd: () => void): () => void {
    return this.watches.watch(principal, onEnd);
  }

  /** To be called after this instance took access away from someone: it then ends here at once. */
  invalidate(): void {
    this.credentials.invalidate();
  }

  /** Ends all watches and waits for pending writes. */
  async close(): Promise<void> {
    this.watches.close();
    await Promise.all([
      this.tokenUse.settled(),
      this.sessionUse.settled(),
      this.throttle.settled(),
    ]);
  }

  private cacheKey(kind: string, ...secrets: string[]): string {
    // JSON keeps the boundaries of the parts, so that two lists never make the same text.
    const text = JSON.stringify([this.secret, kind, ...secrets]);
    return hash('sha256', text, 'base64');
  }
}

export function wrongPassword(): UnauthenticatedError {
  return new UnauthenticatedError('Invalid username/password.');
}
