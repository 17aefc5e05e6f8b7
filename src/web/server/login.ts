import type { Request, Response } from 'express';
import { verifyCsrf } from '../../domain/auth/csrf.js';
import { SecondFactorRequiredError } from '../../domain/auth/authenticator.js';
import { ChallengeExpiredError, type SecondFactor } from '../../domain/auth/second-factor.js';
import {
  asDomainError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from '../../domain/shared/errors.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { fieldsOf } from './form-fields.js';
import { localPath } from './local-path.js';
import type { LoginError, LoginForm } from './login-form.js';
import type { BrowserCookies } from './session-cookie.js';
import type { Visitors } from './visitors.js';

export interface LoginDeps {
  readonly sessions: Sessions;
  readonly secondFactor: SecondFactor;
  readonly cookies: BrowserCookies;
  readonly origin: RequestOrigin;
  readonly visitors: Visitors;
  readonly form: LoginForm;
}

const FIELDS = ['username', 'password', 'next', 'csrf'] as const;
const CODE_FIELDS = ['next', 'csrf', 'challenge', 'code'] as const;

const EXPIRED: LoginError = {
  status: 403,
  message: 'The form had expired, so you were not signed in. Please try again.',
};

/** Signing in with a password. */
export class LoginPage {
  constructor(private readonly deps: LoginDeps) {}

  readonly show = async (request: Request, response: Response): Promise<void> => {
    const { visitors, origin, form } = this.deps;
    const { next, signed_out } = request.query;
    if (await visitors.who(request)) {
      response.redirect(303, localPath(next, origin.basePath));
      return;
    }
    await form.respond(request, response, { next, isSignedOut: signed_out !== undefined });
  };

  readonly submit = async (request: Request, response: Response): Promise<void> => {
    const { username, password, next, csrf } = fieldsOf(request, FIELDS);
    const { sessions, cookies, origin, form } = this.deps;
    if (!verifyCsrf(cookies.visitor(request), csrf)) {
      await form.respond(request, response, { next, username, failure: EXPIRED });
      return;
    }
    try {
      const from = signInOriginOf(request, origin);
      cookies.setSession(request, response, await sessions.signIn(username, password, from));
    } catch (error) {
      if (error instanceof SecondFactorRequiredError) {
        const { secondFactor } = this.deps;
        const challenge = await secondFactor.challenge(error.user, csrf);
        await form.respond(request, response, { next, challenge });
        return;
      }
      const failure = failureOf(error, 'That username and password do not match.');
      await form.respond(request, response, { next, username, failure });
      return;
    }
    response.redirect(303, localPath(next, origin.basePath));
  };

  /** The code that follows a right password. */
  readonly submitCode = async (request: Request, response: Response): Promise<void> => {
    const { next, csrf, challenge, code } = fieldsOf(request, CODE_FIELDS);
    const { secondFactor, cookies, origin, form } = this.deps;
    if (!verifyCsrf(cookies.visitor(request), csrf)) {
      await form.respond(request, response, { next, failure: EXPIRED });
      return;
    }
    try {
      const from = signInOriginOf(request, origin);
      const session = await secondFactor.finish(challenge, code, csrf, from);
      cookies.setSession(request, response, session);
    } catch (error) {
      const isExpired = error instanceof ChallengeExpiredError;
      const failure = isExpired
        ? EXPIRED
        : failureOf(error, 'That code is not valid now, or was used already.');
      await form.respond(request, response, { next, failure, ...(!isExpired && { challenge }) });
      return;
    }
    response.redirect(303, localPath(next, origin.basePath));
  };
}

/** Where a visitor signs in. */
export function signInOriginOf(request: Request, origin: Pick<RequestOrigin, 'address'>) {
  return { address: origin.address(request), userAgent: request.headers['user-agent'] };
}

/**
 * @param wrong what the page says of wrong input
 * @throws the error itself where the server failed
 */
function failureOf(error: unknown, wrong: string): LoginError {
  const known = asDomainError(error);
  if (known instanceof UnauthenticatedError) {
    return {
      status: 401,
      message: wrong,
      headers: { 'WWW-Authenticate': 'Form' },
    };
  }
  return waitOf(error);
}

/**
 * Where a visitor has to wait.
 * @throws the error itself where that is not the reason
 */
export function waitOf(error: unknown): LoginError {
  const known = asDomainError(error);
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
