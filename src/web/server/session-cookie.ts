import type { CookieOptions, Request, Response } from 'express';
import { csrfToken, newCookie, verifyCsrf } from '../../domain/auth/csrf.js';
import type { SessionCookie } from '../../domain/auth/sessions.js';
import { hostCookieName, hostCookieOf } from '../../http/cookies.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { SESSION_COOKIE } from '../../http/session-requests.js';

/** The cookie that the CSRF token of the sign-in form is made of, before there is a session. */
const VISITOR_COOKIE = 'flowgate_visitor';

/** What a browser keeps while its user signs in at an OpenID Connect provider. */
const ATTEMPT_COOKIE = 'flowgate_openid';

const ENDED = new Date(0);

/** Reads and sets the cookies of a browser. */
export class BrowserCookies {
  constructor(private readonly origin: RequestOrigin) {}

  session(request: Request): string | undefined {
    return hostCookieOf(request, SESSION_COOKIE, this.origin);
  }

  setSession(request: Request, response: Response, { value, expiresAt }: SessionCookie): void {
    this.set(request, response, SESSION_COOKIE, value, { expires: expiresAt });
    this.set(request, response, VISITOR_COOKIE, '', { path: this.pages, expires: ENDED });
  }

  clearSession(request: Request, response: Response): void {
    this.set(request, response, SESSION_COOKIE, '', { expires: ENDED });
  }

  visitor(request: Request): string | undefined {
    return hostCookieOf(request, VISITOR_COOKIE, this.origin);
  }

  /** The CSRF token of a form for a visitor, who keeps the cookie that it is made of. */
  visitorCsrf(request: Request, response: Response): string {
    const known = this.visitor(request);
    const isOurs = known !== undefined && verifyCsrf(known, csrfToken(known));
    const visitor = isOurs ? known : newCookie();
    this.set(request, response, VISITOR_COOKIE, visitor, { path: this.pages });
    return csrfToken(visitor);
  }

  attempt(request: Request): string | undefined {
    return hostCookieOf(request, ATTEMPT_COOKIE, this.origin);
  }

  setAttempt(request: Request, response: Response, value: string): void {
    this.set(request, response, ATTEMPT_COOKIE, value, { path: this.pages });
  }

  clearAttempt(request: Request, response: Response): void {
    this.set(request, response, ATTEMPT_COOKIE, '', { path: this.pages, expires: ENDED });
  }

  private get pages(): string {
    return `${this.origin.basePath}/app`;
  }

  private set(
    request: Request,
    response: Response,
    name: string,
    value: string,
    options: CookieOptions,
  ): void {
    const secure = this.origin.isSecure(request);
    const { basePath } = this.origin;
    response.cookie(hostCookieName(name, secure, basePath), value, {
      secure,
      path: basePath || '/',
      httpOnly: true,
      sameSite: 'lax',
      encode: String,
      ...options,
      // The prefix `__Host-` requires it.
      ...(secure && basePath === '' && { path: '/' }),
    });
  }
}
