import type { Request, Response } from 'express';
import { verifyCsrf } from '../../domain/auth/csrf.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { BrowserCookies } from './session-cookie.js';
import type { Visitors } from './visitors.js';

export const LOGIN = '/app/login';

export interface SignOutDeps {
  readonly origin: Pick<RequestOrigin, 'basePath' | 'address'>;
  readonly sessions: Sessions;
  readonly cookies: BrowserCookies;
  readonly visitors: Visitors;
}

/** The forms that end sessions. */
export class SignOut {
  constructor(private readonly deps: SignOutDeps) {}

  readonly here = (request: Request, response: Response): Promise<void> =>
    this.end(request, response, async (cookie) => {
      const { sessions, origin } = this.deps;
      const issuer = await sessions.signOut(cookie, { address: origin.address(request) });
      return issuer === undefined ? LOGIN : `${LOGIN}?signed_out`;
    });

  readonly everywhere = (request: Request, response: Response): Promise<void> =>
    this.end(request, response, async () => {
      const principal = await this.deps.visitors.who(request);
      if (principal) await this.deps.sessions.signOutEverywhere(principal);
      return LOGIN;
    });

  private async end(
    request: Request,
    response: Response,
    work: (cookie: string) => Promise<string>,
  ): Promise<void> {
    const { cookies, origin } = this.deps;
    let next = LOGIN;
    const cookie = cookies.session(request);
    if (cookie !== undefined) {
      const { csrf } = (request.body ?? {}) as { csrf?: unknown };
      if (!verifyCsrf(cookie, typeof csrf === 'string' ? csrf : undefined)) {
        response.status(403).type('text').send('The form had expired. Go back and try again.');
        return;
      }
      next = await work(cookie);
      cookies.clearSession(request, response);
    }
    response.redirect(303, origin.basePath + next);
  }
}
