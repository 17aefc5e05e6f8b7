import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Origin } from '../domain/auth/authenticator.js';
import type { Principal } from '../domain/shared/principal.js';
import { ACTIVE_ACCOUNTS } from '../domain/shared/time-slices.js';
import { setClientAddress } from './client-address.js';
import { challenges, parseAuthorization } from './authorization.js';
import type { RequestOrigin } from './request-origin.js';

export interface RequestAuthenticatorDeps {
  readonly authenticator: {
    withToken(key: string, origin: Origin): Promise<Principal>;
    withPassword(username: string, password: string, origin: Origin): Promise<Principal>;
  };
  readonly limiter: { take(principal: Principal): Promise<void> | undefined };
  readonly origin: RequestOrigin;
  /** where a browser's session is accepted too */
  readonly sessions?: { principal(request: IncomingMessage): Promise<Principal | undefined> };
}

/** Authenticates requests and counts them: the same for every transport over HTTP. */
export class RequestAuthenticator {
  constructor(private readonly deps: RequestAuthenticatorDeps) {}

  /**
   * The principal of a request, which then counts against the limit of its credential.
   * @param authorization replaces the request's own header
   * @throws UnauthenticatedError, RateLimitedError, UnavailableError, DatabaseUnavailableError
   */
  async authenticate(
    request: IncomingMessage,
    authorization = request.headers.authorization,
  ): Promise<Principal> {
    setClientAddress(request, this.deps.origin.address(request));
    const bySession = authorization === undefined && this.deps.sessions?.principal(request);
    const principal = (await bySession) || (await this.byHeader(request, authorization));
    ACTIVE_ACCOUNTS.note(principal.accountId);
    const booked = this.deps.limiter.take(principal);
    if (booked) await booked;
    return principal;
  }

  /** The values of WWW-Authenticate. */
  challenges(headers: IncomingHttpHeaders): string[] {
    return challenges(headers);
  }

  private byHeader(
    request: IncomingMessage,
    authorization: string | undefined,
  ): Promise<Principal> {
    const { authenticator, origin } = this.deps;
    const credential = parseAuthorization(authorization);
    const from = { address: origin.address(request) };
    return credential.kind === 'token'
      ? authenticator.withToken(credential.key, from)
      : authenticator.withPassword(credential.username, credential.password, from);
  }
}
