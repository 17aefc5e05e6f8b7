import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import type { Config } from '../config.js';
import { createGraphQL } from '../graphql/server.js';
import {
  SubscriptionLimits,
  type SubscriptionGate,
} from '../graphql/subscriptions/subscription-limits.js';
import { basePathRemover } from '../http/base-path.js';
import { BodyBudget } from '../http/body-budget.js';
import { compressResponses } from '../http/compression.js';
import { allowOrigins } from '../http/cors.js';
import { RequestAuthenticator } from '../http/request-authenticator.js';
import { health, isProbe, type Readiness } from '../http/health.js';
import type { Log } from '../http/log.js';
import { logRequests } from '../http/request-log.js';
import { RequestOrigin } from '../http/request-origin.js';
import { RequestQueue } from '../http/request-queue.js';
import { OpenIdProvider } from '../openid/provider.js';
import { PageRequests, SessionRequests } from '../http/session-requests.js';
import type { Metrics, Via } from '../metrics/metrics.js';
import { createIngest, isIngest } from '../rest/ingest/ingest.js';
import { createFlowcommandHook, isFlowcommandHook } from '../rest/ingest/flowcommand-hook.js';
import { createRest, isRest } from '../rest/rest.js';
import type { Brokering } from './brokering.js';
import { countedVia } from './counted.js';
import type { Domain } from './domain.js';
import type { Mirrors } from './mirrors.js';
import type { RefusalLog } from './refusal-log.js';
import { maxSubscriptions } from './subscription-maxima.js';
import type { FailureLog } from './failure-log.js';
import { traceRequest } from './tracing.js';
import { explorerPage } from '../web/server/explorer-page.js';
import { webApp } from '../web/server/web-app.js';

export interface HttpDeps {
  readonly services: Domain;
  readonly config: Pick<
    Config,
    | 'basePath'
    | 'openId'
    | 'trustedProxies'
    | 'corsOrigins'
    | 'maxBodyBytes'
    | 'maxBodyBytesInFlight'
    | 'maxPings'
    | 'maxImportBytes'
    | 'subscriptionLimit'
    | 'accountSubscriptionLimit'
  >;
  readonly log: Log;
  readonly failures: Pick<FailureLog, 'report'>;
  readonly isReady: Readiness;
  readonly mirrors: Pick<Mirrors, 'states' | 'statesFor' | 'receivers'>;
  /** undefined where no broker's messages are recorded */
  readonly broker?: Pick<Brokering, 'stateFor'> | undefined;
  readonly refusals: RefusalLog;
  /** undefined where nothing is measured */
  readonly metrics?: Metrics | undefined;
  /** of the subscriptions of several processes; without it those of this one are counted */
  readonly subscriptionGate?: SubscriptionGate | undefined;
  /** after how many milliseconds a client that sends and takes nothing is cut */
  readonly stallMs?: number;
}

export interface Listener {
  readonly handle: RequestListener;
  /** Takes the connections and the WebSockets of the server that it listens to. */
  attach(server: Server): void;
  /** Ends what would else never end: subscriptions and WebSockets. */
  endStreams(): Promise<void>;
  close(): Promise<void>;
}

const STALL_MS = 30_000;

/** Every transport over HTTP at its path. */
export async function createListener(deps: HttpDeps): Promise<Listener> {
  const { services, config, log, failures, isReady, metrics, refusals } = deps;
  const { stallMs = STALL_MS } = deps;
  const { authenticator, limiter, costLimiter } = services;
  const { maxBodyBytes, maxPings, maxImportBytes } = config;
  const { basePath } = config;
  const removeBasePath = basePathRemover(basePath);
  const origin = new RequestOrigin(config.trustedProxies, {
    basePath,
    onIgnored: (address, header) =>
      log.warn(
        { address, header },
        'a forwarded header was ignored: if this address is your proxy, name it in TRUSTED_PROXIES',
      ),
  });
  const bodies = new BodyBudget(config.maxBodyBytesInFlight);
  const report = (error: unknown, request?: IncomingMessage) => failures.report(error, request);
  const counted = (via: Via) => countedVia(services.pings, via, metrics);

  const sessions = new SessionRequests(authenticator, origin);
  const rest = createRest({
    domain: { ...services, pings: counted('rest') },
    requestAuthenticator: new RequestAuthenticator({
      authenticator,
      limiter,
      origin,
      sessions: new PageRequests(authenticator, origin),
    }),
    origin,
    limits: { maxBodyBytes, maxPings, maxImportBytes, stallMs },
    bodies,
    onError: report,
  });
  const ingest = createIngest({
    deviceMessages: services.deviceMessages.recordingWith(counted('lorawan')),
    requestAuthenticator: new RequestAuthenticator({ authenticator, limiter, origin }),
    bodies,
    stallMs,
    onRefused: refusals.via('lorawan'),
    onError: report,
  });
  const { mirrors } = deps;
  const hook = createFlowcommandHook({
    receivers: mirrors.receivers,
    stallMs,
    onRefused: refusals.via('mirror'),
    onError: report,
  });
  const browserGate = new RequestAuthenticator({ authenticator, limiter, origin, sessions });
  const graphql = await createGraphQL({
    services: {
      ...services,
      pings: counted('graphql'),
      maxPings,
      mirrors,
      broker: deps.broker,
    },
    requestAuthenticator: browserGate,
    authenticator,
    limiter,
    costLimiter,
    bodies,
    maxBodyBytes,
    stallMs,
    subscriptionGate: deps.subscriptionGate ?? new SubscriptionLimits(maxSubscriptions(config)),
    report: (error) => report(error),
  });

  const named = logRequests(log);
  const cors = allowOrigins(config.corsOrigins);
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  const details = async (request: IncomingMessage) => {
    if (request.headers.authorization === undefined) return undefined;
    const principal = await browserGate.authenticate(request);
    return principal.scopes.has('ADMIN') ? services.system.report(principal) : undefined;
  };
  app.use(health(isReady, details, () => mirrors.states));
  app.use('/graphql', cors, explorerPage({ authenticator, origin }), graphql.router);
  const provider = config.openId && new OpenIdProvider(config.openId, services.clock);
  app.use(
    webApp({ ...services, provider, requestAuthenticator: browserGate, origin, log, stallMs }),
  );
  app.use((_request, response) => {
    response.status(404).json({ detail: 'Not found.' });
  });
  app.use(failed(report));
  const queue = new RequestQueue();
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    // A client may be gone before its request begins.
    if (response.destroyed) return;
    named(request, response, () => {
      // Not through express, which would take as long for a request as all else that is done here
      // for it.
      if (isRest(request)) {
        cors(request, response, () =>
          compressResponses(request, response, () => rest(request, response)),
        );
      } else if (isIngest(request)) {
        ingest(request, response);
      } else if (isFlowcommandHook(request)) {
        hook(request, response);
      } else {
        response.setHeader('X-Content-Type-Options', 'nosniff');
        app(request, response);
      }
    });
  };
  metrics?.watchSubscriptions(() => graphql.subscriptionCount);
  return {
    handle: (request, response) => {
      removeBasePath(request);
      metrics?.request(request, response);
      if (isProbe(request)) begin(request, response);
      else {
        const traced = traceRequest(request, response);
        queue.run(
          () => origin.address(request),
          () => traced(() => begin(request, response)),
        );
      }
    },
    attach: (server) => {
      queue.attach(server);
      graphql.attach(server, removeBasePath);
    },
    endStreams: async () => {
      services.realtime.feed.endSubscriptions();
      await graphql.endSockets();
    },
    close: () => graphql.close(),
  };
}

function failed(report: (error: unknown, request: IncomingMessage) => void): ErrorRequestHandler {
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
