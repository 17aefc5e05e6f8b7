import type { Request, Response } from 'express';
import type { UserUnits } from '../../domain/accounts/display-units.js';
import { csrfToken } from '../../domain/auth/csrf.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { BrowserCookies } from './session-cookie.js';
import { LOGIN } from './sign-out.js';
import { page } from './template.js';
import { themeOf } from './theme.js';
import type { Visitors } from './visitors.js';

/** The pages that the app's own router knows (src/web/client/app.tsx). */
const PAGES =
  /^\/app\/(sensors\/\d+|import|volumes|groups|flags|periods|statements|compare(\/[\d,]+(\/(period|day|week|month))?)?|log|account|users|system|developers(\/endpoints\/\d+)?|explorer|reference(\/graphql)?)?$/;

/** Whether the app has a page at the path. */
export function isPage(path: string): boolean {
  return PAGES.test(path);
}

export interface ShellDeps {
  readonly origin: Pick<RequestOrigin, 'basePath'>;
  readonly sessions: Sessions;
  readonly cookies: BrowserCookies;
  readonly visitors: Visitors;
  readonly userUnits: Pick<UserUnits, 'of'>;
}

/**
 * The one document of all pages of the app. Visitors who are not signed in are sent to the sign-in
 * form and back.
 */
export class Shell {
  constructor(private readonly deps: ShellDeps) {}

  readonly show = async (request: Request, response: Response): Promise<void> => {
    const { origin, sessions, cookies, visitors, userUnits } = this.deps;
    const { basePath: base } = origin;
    const cookie = cookies.session(request);
    response.set('Cache-Control', 'no-store');
    const principal = await visitors.who(request);
    if (cookie === undefined || !principal) {
      response.redirect(
        303,
        `${base}${LOGIN}?next=${encodeURIComponent(base + request.originalUrl)}`,
      );
      return;
    }
    const changed = await sessions.rotate(cookie);
    if (changed) cookies.setSession(request, response, changed);
    // The CSRF token is made of the part of the cookie that stays when it is rotated.
    const html = await page('index.html', {
      base,
      theme: themeOf(request),
      csrf: csrfToken(cookie),
      ...(await userUnits.of(principal)),
    });
    response
      .status(isPage(request.path) ? 200 : 404)
      .type('html')
      .send(html);
  };
}
