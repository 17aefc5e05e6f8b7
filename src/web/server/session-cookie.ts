import type { CookieOptions, Request, Response } from 'express';
import type { SessionCookie } from '../../domain/auth/sessions.js';
import { cookieOf } from '../../http/cookies.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { SESSION_COOKIE } from '../../http/session-requests.js';

/** The cookie that the CSRF token of the sign-in form is made of, before there is a session. */
const VISITOR_COOKIE = 'flowgate_visitor';

/** Reads and sets the cookies of a browser. */
export class BrowserCookies {
  constructor(private readonly origin: RequestOrigin) {}

  session(request: Request): string | undefined {
    return cookieOf(request, SESSION_COOKIE);
  }

  setSession(request: Request, response: Response, { value, expiresAt }: SessionCookie): void {
    response.cookie(SESSION_COOKIE, value, { ...this.options(request, '/'), expires: expiresAt });
    response.clearCookie(VISITOR_COOKIE, this.options(request, '/app'));
  }

  clearSession(request: Request, response: Response): void {
    response.clearCookie(SESSION_COOKIE, this.options(request, '/'));
  }

  visitor(request: Request): string | undefined {
    return cookieOf(request, VISITOR_COOKIE);
  }

  setVisitor(request: Request, response: Response, value: string): void {
    response.cookie(VISITOR_COOKIE, value, this.options(request, '/app'));
  }

  private options(request: Request, path: string): CookieOptions {
    const secure = this.origin.base(request).startsWith('https:');
    return { path, secure, httpOnly: true, sameSite: 'lax', encode: String };
  }
}
