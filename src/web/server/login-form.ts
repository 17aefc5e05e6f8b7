import type { Request, Response } from 'express';
import type { RequestOrigin } from '../../http/request-origin.js';
import { localPath } from './local-path.js';
import type { BrowserCookies } from './session-cookie.js';
import { page } from './template.js';
import { themeOf } from './theme.js';

/** Why a visitor was not signed in. */
export interface LoginError {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoginFormContent {
  /** the page to go to afterwards */
  readonly next: unknown;
  readonly username?: string;
  readonly failure?: LoginError | undefined;
  /** proves that the password was right: the page then asks for a code */
  readonly challenge?: string;
  /** whether the visitor has just signed out, and may still be signed in at the provider */
  readonly isSignedOut?: boolean;
}

export interface LoginFormDeps {
  readonly cookies: BrowserCookies;
  readonly origin: RequestOrigin;
  /** the name of the OpenID Connect provider, if one is set */
  readonly providerName: string | undefined;
}

/** The sign-in page: plain HTML that needs no script. */
export class LoginForm {
  constructor(private readonly deps: LoginFormDeps) {}

  async respond(
    request: Request,
    response: Response,
    { next, username = '', failure, challenge = '', isSignedOut = false }: LoginFormContent,
  ): Promise<void> {
    const { cookies, origin, providerName = '' } = this.deps;
    const { basePath } = origin;
    const to = localPath(next, basePath);
    const html = await page('login.html', {
      base: basePath,
      theme: themeOf(request),
      title: failure ? 'Error: Sign in' : 'Sign in',
      csrf: cookies.visitorCsrf(request, response),
      next: to,
      encodedNext: encodeURIComponent(to),
      username,
      invalid: String(failure !== undefined),
      error: failure?.message ?? '',
      challenge,
      password: challenge ? '' : 'yes',
      provider: challenge ? '' : providerName,
      signedOut: isSignedOut && providerName ? 'yes' : '',
    });
    response
      .status(failure?.status ?? 200)
      .set({ 'Cache-Control': 'no-store', ...failure?.headers })
      .type('html')
      .send(html);
  }
}
