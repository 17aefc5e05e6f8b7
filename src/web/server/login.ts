import type { Request, Response } from 'express';
import { csrfToken, newCookie, verifyCsrf } from '../../domain/auth/csrf.js';
import {
  asDomainError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from '../../domain/shared/errors.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { localPath } from './local-path.js';
import type { BrowserCookies } from './session-cookie.js';
import { page } from './template.js';
import { themeOf } from './theme.js';
import type { Visitors } from './visitors.js';

export interface LoginDeps {
  readonly sessions: Sessions;
  readonly cookies: BrowserCookies;
  readonly origin: RequestOrigin;
  readonly visitors: Visitors;
}

interface LoginError {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const EXPIRED: LoginError = {
  status: 403,
  message: 'The form had expired, so you were not signed in. Please try again.',
};

/** The sign-in form: plain HTML that needs no script. */
export class LoginPage {
  constructor(private readonly deps: LoginDeps) {}

  readonly show = async (request: Request, response: Response): Promise<void> => {
    if (await this.deps.visitors.who(request)) {
      response.redirect(303, localPath(request.query.next, this.deps.origin.basePath));
      return;
    }
    await this.respond(request, response, { next: request.query.next });
  };

  readonly submit = async (request: Request, response: Response): Promise<void> => {
    const { username, password, next, csrf } = fieldsOf(request);
    const { sessions, cookies, origin } = this.deps;
    if (!verifyCsrf(cookies.visitor(request), csrf)) {
      await this.respond(request, response, { next, username, failure: EXPIRED });
      return;
    }
    try {
      const from = {
        address: origin.address(request),
        userAgent: request.headers['user-agent'],
      };
      cookies.setSession(request, response, await sessions.signIn(username, password, from));
    } catch (error) {
      await this.respond(request, response, { next, username, failure: failureOf(error) });
      return;
    }
    response.redirect(303, localPath(next, origin.basePath));
  };

  private async respond(
    request: Request,
    response: Response,
    { next, username = '', failure }: { next: unknown; username?: string; failure?: LoginError },
  ): Promise<void> {
    const { cookies, origin } = this.deps;
    const { basePath } = origin;
    const known = cookies.visitor(request);
    const visitor =
      known !== undefined && verifyCsrf(known, csrfToken(known)) ? known : newCookie();
    cookies.setVisitor(request, response, visitor);
    const html = await page('login.html', {
      base: basePath,
      theme: themeOf(request),
      title: failure ? 'Error: Sign in' : 'Sign in',
      csrf: csrfToken(visitor),
      next: localPath(next, basePath),
      username,
      invalid: String(failure !== undefined),
      error: failure?.message ?? '',
    });
    response
      .status(failure?.status ?? 200)
      .set({ 'Cache-Control': 'no-store', ...failure?.headers })
      .type('html')
      .send(html);
  }
}

function fieldsOf({ body }: Request): Record<'username' | 'password' | 'next' | 'csrf', string> {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    username: text('username'),
    password: text('password'),
    next: text('next'),
    csrf: text('csrf'),
  };
}

/** @throws the error itself where the server failed */
function failureOf(error: unknown): LoginError {
  const known = asDomainError(error);
  if (known instanceof UnauthenticatedError) {
    return {
      status: 401,
      message: 'That username and password do not match.',
      headers: { 'WWW-Authenticate': 'Form' },
    };
  }
  if (known instanceof RateLimitedError) {
    const seconds = known.retryAfterSeconds;
    return {
      status: 429,
      message: `Too many failed tries. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
      headers: { 'Retry-After': String(seconds) },
    };
  }
  if (known instanceof UnavailableError) {
    return {
      status: 503,
      message: 'Signing in is not possible right now. Please try again in a moment.',
      headers: { 'Retry-After': String(known.retryAfterSeconds) },
    };
  }
  throw error;
}
