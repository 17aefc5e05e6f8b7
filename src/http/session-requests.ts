import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../domain/auth/authenticator.js';
import { verifyCsrf } from '../domain/auth/csrf.js';
import { UnauthenticatedError } from '../domain/shared/errors.js';
import type { Principal } from '../domain/shared/principal.js';
import { hostCookieOf } from './cookies.js';
import type { RequestOrigin } from './request-origin.js';

export const SESSION_COOKIE = 'flowgate_session';
/** The header that a page's script sends with the cookie, lower case as Node has headers. */
export const CSRF_HEADER = 'x-csrf-token';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Authenticates requests by the session cookie. A browser adds it to requests of other sites' pages
 * too, which are therefore refused.
 */
export class SessionRequests {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly origin: RequestOrigin,
  ) {}

  /**
   * @returns undefined where the request carries no session
   * @throws what Authenticator.withSession throws; UnauthenticatedError also where another site's
   * page may have sent it
   */
  async principal(request: IncomingMessage): Promise<Principal | undefined> {
    const cookie = hostCookieOf(request, SESSION_COOKIE, this.origin);
    if (cookie === undefined) return undefined;
    if (request.headers.upgrade !== undefined) requireOwnOrigin(request);
    else if (!READS.has(request.method ?? '')) requireCsrfToken(request, cookie);
    return this.authenticator.withSession(cookie);
  }
}

/**
 * For an API without cookies: accepts one only in requests by this server's own pages, which have
 * its token.
 */
export class PageRequests {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly origin: RequestOrigin,
  ) {}

  /**
   * @returns undefined where the request carries no session or not the token of its page
   * @throws what Authenticator.withSession throws
   */
  async principal(request: IncomingMessage): Promise<Principal | undefined> {
    const cookie = hostCookieOf(request, SESSION_COOKIE, this.origin);
    return cookie !== undefined && hasCsrfToken(request, cookie)
      ? this.authenticator.withSession(cookie)
      : undefined;
  }
}

function requireCsrfToken(request: IncomingMessage, cookie: string): void {
  if (!hasCsrfToken(request, cookie)) {
    throw new UnauthenticatedError('With a session cookie the header X-CSRF-Token is required.');
  }
}

function hasCsrfToken({ headers }: IncomingMessage, cookie: string): boolean {
  const token = headers[CSRF_HEADER];
  return verifyCsrf(cookie, typeof token === 'string' ? token : undefined);
}

/**
 * A browser lets any site's page open a WebSocket with this server's cookies, but names the page's
 * origin.
 */
function requireOwnOrigin({ headers }: IncomingMessage): void {
  const { origin } = headers;
  // Only the host is compared: TLS may end at a proxy that does not say so.
  if (!origin || !URL.canParse(origin) || !hostsOf(headers).includes(new URL(origin).host)) {
    throw new UnauthenticatedError('With a session cookie the Origin must be this server.');
  }
}

// A page cannot set X-Forwarded-Host on a WebSocket, so that it is believed from every sender.
function hostsOf(headers: IncomingMessage['headers']): (string | undefined)[] {
  return [headers.host, headers['x-forwarded-host']?.toString()];
}
