import type { Request, Response } from 'express';
import { networkOf } from '../../domain/shared/client-network.js';
import { MINUTE_MS } from '../../domain/shared/durations.js';
import { asDomainError, UnavailableError } from '../../domain/shared/errors.js';
import { AccessRefusedError, type ProviderSignIn } from '../../domain/auth/provider-sign-in.js';
import type { Log } from '../../http/log.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { causesOf } from '../../openid/causes.js';
import { ProviderRefusal, type OpenIdProvider, type SignInAttempt } from '../../openid/provider.js';
import { localPath } from './local-path.js';
import { signInOriginOf } from './login.js';
import type { LoginError, LoginForm } from './login-form.js';
import type { BrowserCookies } from './session-cookie.js';
import { LOGIN } from './sign-out.js';

/** Where the provider sends browsers back to. */
export const CALLBACK = `${LOGIN}/openid/callback`;

export interface ProviderLoginDeps {
  readonly provider: OpenIdProvider;
  readonly providerSignIn: ProviderSignIn;
  readonly cookies: BrowserCookies;
  readonly origin: RequestOrigin;
  readonly form: LoginForm;
  readonly log: Log;
}

/** What the browser keeps while it is at the provider. */
interface KeptAttempt extends SignInAttempt {
  readonly next: string;
  /** milliseconds since 1970 */
  readonly until: number;
}

const ATTEMPT_MS = 10 * MINUTE_MS;
// With the rest of the attempt it must fit into a cookie, which has at most 4 kB.
const MAX_NEXT = 1500;

const EXPIRED: LoginError = {
  status: 403,
  message: 'That sign-in had expired, or began in another browser. Please try again.',
};

/** Signing in at an OpenID Connect provider, by links and redirects alone. */
export class ProviderLogin {
  constructor(private readonly deps: ProviderLoginDeps) {}

  readonly begin = async (request: Request, response: Response): Promise<void> => {
    const { provider, cookies, origin } = this.deps;
    const next = localPath(request.query.next, origin.basePath);
    response.set('Cache-Control', 'no-store');
    try {
      const { url, attempt } = await provider.begin(
        this.callbackOf(request).href,
        networkOf(origin.address(request)),
      );
      const until = Date.now() + ATTEMPT_MS;
      cookies.setAttempt(request, response, encode({ ...attempt, next: fitting(next), until }));
      response.redirect(303, url.href);
    } catch (error) {
      await this.fail(request, response, next, error);
    }
  };

  readonly finish = async (request: Request, response: Response): Promise<void> => {
    const { provider, providerSignIn, cookies, origin, form } = this.deps;
    const attempt = decode(cookies.attempt(request));
    const { state } = request.query;
    const isOwn =
      attempt && attempt.until > Date.now() && typeof state === 'string' && attempt.state === state;
    cookies.clearAttempt(request, response);
    response.set('Cache-Control', 'no-store');
    if (!isOwn) {
      await form.respond(request, response, { next: attempt?.next, failure: EXPIRED });
      return;
    }
    try {
      const url = this.callbackOf(request);
      url.search = new URL(request.originalUrl, url).search;
      const network = networkOf(origin.address(request));
      const identity = await provider.finish(url, attempt, network);
      const session = await providerSignIn.signIn(identity, signInOriginOf(request, origin));
      cookies.setSession(request, response, session);
    } catch (error) {
      await this.fail(request, response, attempt.next, error);
      return;
    }
    response.redirect(303, localPath(attempt.next, origin.basePath));
  };

  /** Ends the visitor's session at the provider, after the one here. */
  readonly signOut = async (request: Request, response: Response): Promise<void> => {
    const { provider, origin } = this.deps;
    response.set('Cache-Control', 'no-store');
    const back = origin.base(request) + LOGIN;
    try {
      response.redirect(303, (await provider.signOutUrl(back))?.href ?? back);
    } catch (error) {
      await this.fail(request, response, undefined, error);
    }
  };

  private callbackOf(request: Request): URL {
    return new URL(this.deps.origin.base(request) + CALLBACK);
  }

  private async fail(
    request: Request,
    response: Response,
    next: string | undefined,
    error: unknown,
  ): Promise<void> {
    const { log, form, provider } = this.deps;
    const { issuer, name } = provider.config;
    const failure = failureOf(error, name);
    log.warn({ issuer: issuer.href, reason: reasonOf(error) }, 'a sign-in at the provider failed');
    await form.respond(request, response, { next, failure });
  }
}

/** @throws the error itself where the server failed */
function failureOf(error: unknown, name: string): LoginError {
  if (error instanceof AccessRefusedError) return { status: 403, message: error.message };
  if (error instanceof ProviderRefusal) {
    const message =
      error.code === undefined
        ? `The response of ${name} could not be verified, so you were not signed in. Please try again.`
        : `${name} did not sign you in (${error.code}).`;
    return { status: 403, message };
  }
  const known = asDomainError(error);
  if (!(known instanceof UnavailableError)) throw error;
  return {
    status: 503,
    message: `${name} does not respond. Please try again in a moment, or sign in with a password.`,
    headers: { 'Retry-After': String(known.retryAfterSeconds) },
  };
}

/** For the operator: the cause too, such as a host that is not found. */
function reasonOf(error: unknown): string {
  return [...causesOf(error)].map(({ message }) => message).join(': ');
}

function fitting(next: string): string {
  return next.length > MAX_NEXT ? '' : next;
}

function encode(attempt: KeptAttempt): string {
  return Buffer.from(JSON.stringify(attempt)).toString('base64url');
}

/** @returns undefined where there is none, or it is not one of this server's */
function decode(cookie: string | undefined): KeptAttempt | undefined {
  try {
    return JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as KeptAttempt;
  } catch {
    return undefined;
  }
}
