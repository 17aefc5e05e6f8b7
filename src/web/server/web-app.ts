import path from 'node:path';
import compression from 'compression';
import express, { type Router } from 'express';
import type { UserUnits } from '../../domain/accounts/display-units.js';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { Log } from '../../http/log.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { CsvFiles, type CsvDeps } from './csv.js';
import { failed } from './failed.js';
import { HOME } from './local-path.js';
import { LoginPage } from './login.js';
import { securityHeaders } from './security-headers.js';
import { BrowserCookies } from './session-cookie.js';
import { Shell } from './shell.js';
import { SignOut } from './sign-out.js';
import { StatementFiles, type StatementFilesDeps } from './statement-files.js';
import { BUILT } from './template.js';
import { Visitors } from './visitors.js';

export interface WebAppDeps extends CsvDeps, StatementFilesDeps {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly userUnits: UserUnits;
  readonly origin: RequestOrigin;
  readonly log: Log;
}

/** Everything under `/app`: signing in and out, the pages and their files. */
export function webApp(deps: WebAppDeps): Router {
  const { authenticator, sessions, userUnits, origin, log, requestAuthenticator } = deps;
  const cookies = new BrowserCookies(origin);
  const visitors = new Visitors(authenticator, cookies);
  const login = new LoginPage({ sessions, cookies, origin, visitors });
  const signOut = new SignOut({ origin, sessions, cookies, visitors });
  const shell = new Shell({ origin, sessions, cookies, visitors, userUnits });
  const csv = new CsvFiles(deps);
  const statements = new StatementFiles(deps);
  const form = express.urlencoded({ extended: false, limit: '16kb' });

  const router = express.Router({ strict: true, caseSensitive: true });
  router.use('/app/explorer', securityHeaders({ editor: true }));
  router.use('/app', (request, response, next) =>
    response.hasHeader('Content-Security-Policy') ? next() : headers(request, response, next),
  );
  router.get(['/', '/app'], (_request, response) => response.redirect(302, origin.basePath + HOME));
  // Pages are not compressed: with text that a request can choose, their length would reveal their
  // secrets.
  router.use('/app/assets', compression(), assets(), (_request, response) =>
    response.sendStatus(404),
  );
  router.get('/app/login', login.show);
  router.post('/app/login', form, login.submit);
  router.post('/app/sign-out', form, signOut.here);
  router.post('/app/sign-out-everywhere', form, signOut.everywhere);
  router.get('/app/sensors/:id/pings.csv', csv.pings);
  router.get('/app/sensors/:id/volumes.csv', csv.volumes);
  router.get('/app/volumes.csv', csv.volumesOfAll);
  router.get('/app/statements/:number.json', statements.json);
  router.get('/app/statements/:number.csv', statements.csv);
  router.get('/app/statement-key.pem', statements.key);
  router.get('/app/{*page}', shell.show);
  router.use('/app', failed(log, requestAuthenticator));
  return router;
}

const headers = securityHeaders();

/** Their names contain the hash of their content. */
function assets(): express.RequestHandler {
  return express.static(path.join(BUILT, 'assets'), {
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
  });
}
