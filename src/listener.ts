import type { Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import type { Config } from './config.js';
import { createGraphQL } from './graphql/server.js';
import { allowOrigins } from './http/cors.js';
import { Gate } from './http/gate.js';
import { health, type Readiness } from './http/health.js';
import type { Log } from './http/log.js';
import { logFault, logRequests } from './http/request-log.js';
import { RequestOrigin } from './http/request-origin.js';
import { PageRequests, SessionRequests } from './http/session-requests.js';
import { createRest, PREFIX } from './rest/rest.js';
import type { Services } from './services.js';
import { explorerPage } from './web-server/explorer-page.js';
import { webApp } from './web-server/web-app.js';

export interface ListenerParts {
  readonly services: Services;
  readonly config: Pick<Config, 'trustedProxies' | 'corsOrigins' | 'maxBodyBytes' | 'maxPings'>;
  readonly log: Log;
  readonly isReady: Readiness;
}

export interface Listener {
  readonly express: Express;
  /** Takes the WebSockets of the server that it listens to. */
  attach(server: Server): void;
  /** Ends what would else never end: subscriptions and WebSockets. */
  endStreams(): Promise<void>;
  close(): Promise<void>;
}

/** Every transport over HTTP at its path. */
export async function createListener(parts: ListenerParts): Promise<Listener> {
  const { services, config, log, isReady } = parts;
  const { authenticator, limiter } = services;
  const { maxBodyBytes, maxPings } = config;
  const origin = new RequestOrigin(config.trustedProxies);
  const report = (error: unknown, request?: Request) => logFault(log, error, request);

  const sessions = new SessionRequests(authenticator);
  const rest = createRest({
    domain: services,
    gate: new Gate({ authenticator, limiter, origin, sessions: new PageRequests(authenticator) }),
    origin,
    limits: { maxBodyBytes, maxPings },
    onError: report,
  });
  const browserGate = new Gate({ authenticator, limiter, origin, sessions });
  const graphql = await createGraphQL({
    services: { ...services, maxPings },
    gate: browserGate,
    authenticator,
    limiter,
    maxBodyBytes,
    report: (error) => report(error),
  });

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(logRequests(log));
  app.use([PREFIX, '/graphql'], allowOrigins(config.corsOrigins));
  app.use(PREFIX, rest);
  app.use(health(isReady));
  app.use('/graphql', explorerPage({ authenticator, origin }), graphql.router);
  app.use(webApp({ ...services, gate: browserGate, origin, log }));
  app.use((_request, response) => {
    response.status(404).json({ detail: 'Not found.' });
  });
  app.use(failed(report));
  return {
    express: app,
    attach: (server) => graphql.attach(server),
    endStreams: async () => {
      services.realtime.feed.endSubscriptions();
      await graphql.endSockets();
    },
    close: () => graphql.close(),
  };
}

function failed(report: (error: unknown, request: Request) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // A malformed percent-encoding is found by express's own router.
    const { status } = (error ?? {}) as { status?: unknown };
    const isClients = typeof status === 'number' && status >= 400 && status < 500;
    if (!isClients) report(error, request);
    if (response.headersSent) next(error);
    else if (isClients) response.status(status).json({ detail: 'The request is malformed.' });
    else response.status(500).json({ detail: 'A server error occurred.' });
  };
}
