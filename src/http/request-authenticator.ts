import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Origin } from '../domain/auth/authenticator.js';
import type { Principal } from '../domain/shared/principal.js';
import { challenges, parseAuthorization } from './authorization.js';
import type { RequestOrigin } from './request-origin.js';

export interface RequestAuthenticatorDeps {
  readonly authenticator: {
    withToken(key: string, origin: Origin): Promise<Principal>;
    withPassword(username: string, password: string, origin: Origin): Promise<Principal>;
  };
  readonly limiter: { take(principal: Principal): void };
  readonly origin: RequestOrigin;
  /** where a browser's session counts too */
  readonly sessions?: { principal(request: IncomingMessage): Promise<Principal | undefined> };
}

/** Lets requests in: the same for every transport over HTTP. */
export class RequestAuthenticator {
  constructor(private readonly deps: RequestAuthenticatorDeps) {}

  /**
   * Who sends a request, which then counts against that one's limit.
   * @param authorization in place of the request's own header
   * @throws UnauthenticatedError, RateLimitedError, UnavailableError, DatabaseAwayError
   */
  async authenticate(
    request: IncomingMessage,
    authorization = request.headers.authorization,
  ): Promise<Principal> {
    const bySession = authorization === undefined && this.deps.sessions?.principal(request);
    const principal = (await bySession) || (await this.byHeader(request, authorization));
    this.deps.limiter.take(principal);
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
