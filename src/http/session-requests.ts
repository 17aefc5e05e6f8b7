import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../domain/auth/authenticator.js';
import { verifyCsrf } from '../domain/auth/csrf.js';
import { UnauthenticatedError } from '../domain/shared/errors.js';
import type { Principal } from '../domain/shared/principal.js';
import { cookieOf } from './cookies.js';

export const SESSION_COOKIE = 'flowgate_session';
/** What a page's script sends along with the cookie, lower case as Node has headers. */
export const CSRF_HEADER = 'x-csrf-token';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who sends a request, by the session cookie that a browser adds of itself, so that other sites' pages must be told apart. */
export class SessionRequests {
  constructor(private readonly authenticator: Authenticator) {}

  /**
   * @returns undefined where the request carries no session
   * @throws what Authenticator.withSession throws; UnauthenticatedError also where the request may be another site's doing
   */
  async principal(request: IncomingMessage): Promise<Principal | undefined> {
    const cookie = cookieOf(request, SESSION_COOKIE);
    if (cookie === undefined) return undefined;
    if (request.headers.upgrade !== undefined) requireOwnOrigin(request);
    else if (!READS.has(request.method ?? '')) requireCsrfToken(request, cookie);
    return this.authenticator.withSession(cookie);
  }
}

/** For an API that knows no cookies: heeds one only in what this server's own pages ask, by their token. */
export class PageRequests {
  constructor(private readonly authenticator: Authenticator) {}

  /**
   * @returns undefined where the request carries no session, or not its page's token
   * @throws what Authenticator.withSession throws
   */
  async principal(request: IncomingMessage): Promise<Principal | undefined> {
    const cookie = cookieOf(request, SESSION_COOKIE);
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

/** Browsers open WebSockets to any host and send its cookies, but say whose page asks. */
function requireOwnOrigin({ headers }: IncomingMessage): void {
  const { origin } = headers;
  // Only the host: TLS may end at a proxy that says nothing of it.
  if (!origin || !URL.canParse(origin) || !hostsOf(headers).includes(new URL(origin).host)) {
    throw new UnauthenticatedError('With a session cookie the Origin must be this server.');
  }
}

// A page cannot set X-Forwarded-Host on a WebSocket, so that it may be believed whoever sends it.
function hostsOf(headers: IncomingMessage['headers']): (string | undefined)[] {
  return [headers.host, headers['x-forwarded-host']?.toString()];
}
