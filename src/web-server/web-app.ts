import path from 'node:path';
import express, { type ErrorRequestHandler, type Router } from 'express';
import type { Authenticator } from '../domain/authentication.js';
import { asDomainError, UnavailableError } from '../domain/errors.js';
import type { Sessions } from '../domain/sessions.js';
import type { Log } from '../http/log.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { HOME } from './local-path.js';
import { LoginPage } from './login.js';
import { securityHeaders } from './security-headers.js';
import { BrowserCookies } from './session-cookie.js';
import { Shell } from './shell.js';
import { SignOut } from './sign-out.js';
import { BUILT } from './template.js';
import { Visitors } from './visitors.js';

export interface WebAppParts {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly origin: RequestOrigin;
  readonly log: Log;
}

/** Everything under `/app`: signing in and out, the pages and their files. */
export function webApp({ authenticator, sessions, origin, log }: WebAppParts): Router {
  const cookies = new BrowserCookies(origin);
  const visitors = new Visitors(authenticator, cookies);
  const login = new LoginPage({ sessions, cookies, origin, visitors });
  const signOut = new SignOut({ sessions, cookies, visitors });
  const shell = new Shell({ sessions, cookies, visitors });
  const form = express.urlencoded({ extended: false, limit: '16kb' });

  const router = express.Router({ strict: true, caseSensitive: true });
  router.use('/app/explorer', securityHeaders({ inlineStyles: true }));
  router.use('/app', (request, response, next) =>
    response.hasHeader('Content-Security-Policy') ? next() : headers(request, response, next),
  );
  router.get(['/', '/app'], (_request, response) => response.redirect(302, HOME));
  router.use('/app/assets', assets(), (_request, response) => response.sendStatus(404));
  router.get('/app/login', login.show);
  router.post('/app/login', form, login.submit);
  router.post('/app/sign-out', form, signOut.here);
  router.post('/app/sign-out-everywhere', form, signOut.everywhere);
  router.get('/app/{*page}', shell.show);
  router.use('/app', failed(log));
  return router;
}

const headers = securityHeaders();

/** Their names hold their content's hash. */
function assets(): express.RequestHandler {
  return express.static(path.join(BUILT, 'assets'), {
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
  });
}

function failed(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = asDomainError(error);
    if (known instanceof UnavailableError) {
      response.set('Retry-After', String(known.retryAfterSeconds));
      response.status(503).type('text').send(known.message);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'a page failed');
    const message = status >= 500 ? 'A server error occurred.' : 'The request was not understood.';
    response.status(status).type('text').send(message);
  };
}

/** What express's own parsers say of a request. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 ? status : 500;
}
