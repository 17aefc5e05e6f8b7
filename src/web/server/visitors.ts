import type { Request } from 'express';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import { UnauthenticatedError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { BrowserCookies } from './session-cookie.js';

/** The users that visit the pages. */
export class Visitors {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly cookies: BrowserCookies,
  ) {}

  /** @returns undefined if the visitor is not signed in or the session has ended */
  async who(request: Request): Promise<Principal | undefined> {
    const cookie = this.cookies.session(request);
    if (cookie === undefined) return undefined;
    try {
      return await this.authenticator.withSession(cookie);
    } catch (error) {
      if (error instanceof UnauthenticatedError) return undefined;
      throw error;
    }
  }
}
