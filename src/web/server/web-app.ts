import path from 'node:path';
import compression from 'compression';
import express, { type Router } from 'express';
import type { UserUnits } from '../../domain/accounts/display-units.js';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import type { InvitedSignIn } from '../../domain/auth/invited-sign-in.js';
import type { ProviderSignIn } from '../../domain/auth/provider-sign-in.js';
import type { SecondFactor } from '../../domain/auth/second-factor.js';
import type { Sessions } from '../../domain/auth/sessions.js';
import type { Log } from '../../http/log.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { OpenIdProvider } from '../../openid/provider.js';
import { CsvFiles, type CsvDeps } from './csv.js';
import { failed } from './failed.js';
import { INVITATION, InvitationPage } from './invitation.js';
import { HOME } from './local-path.js';
import { LogFiles, type LogFilesDeps } from './log-files.js';
import { LoginPage } from './login.js';
import { LoginForm } from './login-form.js';
import { CALLBACK, ProviderLogin } from './provider-login.js';
import { securityHeaders } from './security-headers.js';
import { BrowserCookies } from './session-cookie.js';
import { Shell } from './shell.js';
import { LOGIN, SignOut } from './sign-out.js';
import { StatementFiles, type StatementFilesDeps } from './statement-files.js';
import { BUILT } from './template.js';
import { Visitors } from './visitors.js';

export interface WebAppDeps extends CsvDeps, StatementFilesDeps, LogFilesDeps {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly secondFactor: SecondFactor;
  readonly userUnits: UserUnits;
  readonly invitedSignIn: InvitedSignIn;
  readonly providerSignIn: ProviderSignIn;
  /** undefined where no OpenID Connect provider is set */
  readonly provider: OpenIdProvider | undefined;
  readonly origin: RequestOrigin;
  readonly log: Log;
}

/** Everything under `/app`: signing in and out, the pages and their files. */
export function webApp(deps: WebAppDeps): Router {
  const { authenticator, sessions, userUnits, origin, log, requestAuthenticator } = deps;
  const cookies = new BrowserCookies(origin);
  const visitors = new Visitors(authenticator, cookies);
  const { provider } = deps;
  const loginForm = new LoginForm({ cookies, origin, providerName: provider?.config.name });
  const login = new LoginPage({
    ...{ sessions, secondFactor: deps.secondFactor, cookies, origin, visitors },
    form: loginForm,
  });
  const invitation = new InvitationPage({ ...deps, cookies, visitors });
  const signOut = new SignOut({ origin, sessions, cookies, visitors });
  const shell = new Shell({ origin, sessions, cookies, visitors, userUnits });
  const csv = new CsvFiles(deps);
  const statements = new StatementFiles(deps);
  const logFiles = new LogFiles(deps);
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
  router.get(LOGIN, login.show);
  router.post(LOGIN, form, login.submit);
  router.post(`${LOGIN}/code`, form, login.submitCode);
  if (provider) {
    const atProvider = new ProviderLogin({ ...deps, provider, cookies, form: loginForm });
    router.get(`${LOGIN}/openid`, atProvider.begin);
    router.get(CALLBACK, atProvider.finish);
    router.get(`${LOGIN}/openid/sign-out`, atProvider.signOut);
  }
  router.get(INVITATION, invitation.show);
  router.post(INVITATION, form, invitation.open);
  router.post(`${INVITATION}/accept`, form, invitation.accept);
  router.post('/app/sign-out', form, signOut.here);
  router.post('/app/sign-out-everywhere', form, signOut.everywhere);
  router.get('/app/sensors/:id/pings.csv', csv.pings);
  router.get('/app/sensors/:id/volumes.csv', csv.volumes);
  router.get('/app/volumes.csv', csv.volumesOfAll);
  router.get('/app/log.csv', logFiles.csv);
  router.get('/app/log.ndjson', logFiles.ndjson);
  router.get('/app/statements/:number.json', statements.json);
  router.get('/app/statements/:number.csv', statements.csv);
  router.get('/app/statements/:number.pdf', statements.pdf);
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
