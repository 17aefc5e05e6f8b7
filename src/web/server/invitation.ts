import type { Request, Response } from 'express';
import { verifyCsrf } from '../../domain/auth/csrf.js';
import {
  InvitationEndedError,
  type InvitationEnd,
  type InvitedSignIn,
} from '../../domain/auth/invited-sign-in.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import { InvalidInputError } from '../../domain/shared/errors.js';
import type { Role } from '../../domain/shared/principal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { fieldsOf } from './form-fields.js';
import { HOME } from './local-path.js';
import { signInOriginOf, waitOf } from './login.js';
import type { LoginError } from './login-form.js';
import type { BrowserCookies } from './session-cookie.js';
import { page } from './template.js';
import { themeOf } from './theme.js';
import type { Visitors } from './visitors.js';

/** The page that the link of an invitation opens, with the code as its fragment. */
export const INVITATION = '/app/invitation';

export interface InvitationPageDeps {
  readonly invitedSignIn: InvitedSignIn;
  readonly sessions: Pick<Sessions, 'signOut'>;
  readonly cookies: BrowserCookies;
  readonly origin: RequestOrigin;
  readonly visitors: Visitors;
}

const FIELDS = ['csrf', 'code', 'username', 'password', 'again'] as const;

const EXPIRED: LoginError = {
  status: 403,
  message: 'The form had expired, so nothing was done. Please try again.',
};

const ASK = 'Ask the administrator who invited you for another link.';
const ENDED: Readonly<Record<InvitationEnd, { title: string; ended: string }>> = {
  UNKNOWN: {
    title: 'There is no such invitation',
    ended: `Perhaps a part of the link was lost on its way. ${ASK}`,
  },
  USED: {
    title: 'This invitation has been used',
    ended: 'A link can be used once. If it was by you, sign in. If not, tell your administrator.',
  },
  REVOKED: { title: 'This invitation was revoked', ended: ASK },
  EXPIRED: { title: 'This invitation has expired', ended: ASK },
};

const ROLES: Readonly<Record<Role, string>> = { ADMIN: 'an administrator', VIEWER: 'a viewer' };

/** Where an invited person becomes a user. Plain HTML; a script only fills in the code. */
export class InvitationPage {
  constructor(private readonly deps: InvitationPageDeps) {}

  readonly show = (request: Request, response: Response): Promise<void> =>
    this.ask(request, response);

  /** The code is in the body, never in an address, which would be logged. */
  readonly open = async (request: Request, response: Response): Promise<void> => {
    const { csrf, code } = fieldsOf(request, FIELDS);
    if (!this.isOurForm(request, csrf)) {
      await this.ask(request, response, { code, failure: EXPIRED });
      return;
    }
    await this.withInvitation(request, response, code);
  };

  readonly accept = async (request: Request, response: Response): Promise<void> => {
    const { csrf, code, username, password, again } = fieldsOf(request, FIELDS);
    if (!this.isOurForm(request, csrf)) {
      await this.ask(request, response, { code, failure: EXPIRED });
      return;
    }
    const { invitedSignIn, sessions, cookies, origin } = this.deps;
    try {
      if (password !== again) {
        throw InvalidInputError.of('password', 'Must be the same both times.');
      }
      const from = signInOriginOf(request, origin);
      const session = await invitedSignIn.accept(code, { username, password }, from);
      const before = cookies.session(request);
      if (before !== undefined) await sessions.signOut(before, from);
      cookies.setSession(request, response, session);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) await this.refuse(request, response, code, error);
      else await this.withInvitation(request, response, code, { username, error });
      return;
    }
    response.redirect(303, origin.basePath + HOME);
  };

  /** Responds with the form of an invitation that can be accepted. */
  private async withInvitation(
    request: Request,
    response: Response,
    code: string,
    typed?: { readonly username: string; readonly error: InvalidInputError },
  ): Promise<void> {
    const { invitedSignIn, origin } = this.deps;
    try {
      const { account, role, username } = await invitedSignIn.find(code, {
        address: origin.address(request),
      });
      const faults = typed?.error.errors ?? [];
      const isWrong = (name: string) => String(faults.some(({ path }) => path[0] === name));
      await this.respond(request, response, faults.length > 0 ? 400 : 200, {
        title: faults.length > 0 ? 'Error: Accept an invitation' : 'Accept an invitation',
        ...{ account: account.name, role: ROLES[role], code },
        username: typed?.username ?? username ?? '',
        error: faults.map(({ path, message }) => `${labelOf(path[0])}: ${message}`).join(' '),
        wrongUsername: isWrong('username'),
        wrongPassword: isWrong('password'),
      });
    } catch (error) {
      await this.refuse(request, response, code, error);
    }
  }

  /** @throws the error itself where the server failed */
  private async refuse(request: Request, response: Response, code: string, error: unknown) {
    if (error instanceof InvitationEndedError) {
      const status = error.reason === 'UNKNOWN' ? 404 : 410;
      await this.respond(request, response, status, ENDED[error.reason]);
      return;
    }
    await this.ask(request, response, { code, failure: waitOf(error) });
  }

  private ask(
    request: Request,
    response: Response,
    { code = '', failure }: { readonly code?: string; readonly failure?: LoginError } = {},
  ): Promise<void> {
    response.set(failure?.headers ?? {});
    return this.respond(request, response, failure?.status ?? 200, {
      title: failure ? 'Error: Open an invitation' : 'Open an invitation',
      ...{ asks: 'yes', code, error: failure?.message ?? '' },
    });
  }

  private async respond(
    request: Request,
    response: Response,
    status: number,
    values: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { cookies, origin, visitors } = this.deps;
    const { actor } = (await visitors.who(request)) ?? {};
    const html = await page('invitation.html', {
      base: origin.basePath,
      theme: themeOf(request),
      csrf: cookies.visitorCsrf(request, response),
      signedIn: actor?.kind === 'user' ? actor.username : '',
      ...values,
    });
    response.status(status).set('Cache-Control', 'no-store').type('html').send(html);
  }

  private isOurForm(request: Request, csrf: string): boolean {
    return verifyCsrf(this.deps.cookies.visitor(request), csrf);
  }
}

function labelOf(field: string | number | undefined): string {
  return field === 'username' ? 'Username' : 'Password';
}
