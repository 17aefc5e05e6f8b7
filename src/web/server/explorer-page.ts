import { Router, type RequestHandler } from 'express';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import { csrfToken } from '../../domain/auth/csrf.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { securityHeaders } from './security-headers.js';
import { BrowserCookies } from './session-cookie.js';
import { page } from './template.js';
import { themeOf } from './theme.js';
import { Visitors } from './visitors.js';

export interface ExplorerPageParts {
  readonly authenticator: Authenticator;
  readonly origin: RequestOrigin;
}

const JSON_TYPES = ['json', 'application/graphql-response+json'];

/**
 * A page to try queries on, shown where /graphql is opened in a browser. It is public: signed-in
 * users can use it at once, others enter a token.
 */
export function explorerPage({ authenticator, origin }: ExplorerPageParts): Router {
  const cookies = new BrowserCookies(origin);
  const visitors = new Visitors(authenticator, cookies);
  const headers = securityHeaders({ editor: true });

  const htmlOnly: RequestHandler = (request, response, next) => {
    response.vary('Accept');
    if (request.accepts(JSON_TYPES.concat('html')) === 'html') headers(request, response, next);
    else next('router');
  };
  const show: RequestHandler = async (request, response) => {
    const cookie = cookies.session(request);
    const isSignedIn = cookie !== undefined && (await visitors.who(request)) !== undefined;
    const html = await page('explorer.html', {
      base: origin.basePath,
      theme: themeOf(request),
      csrf: isSignedIn ? csrfToken(cookie) : '',
    });
    response.set('Cache-Control', 'no-store').type('html').send(html);
  };

  return Router().get('/', htmlOnly, show);
}
