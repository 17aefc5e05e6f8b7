import type { IncomingMessage, Server } from 'node:http';
import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Router, type RequestHandler, type Response } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Authenticator } from '../domain/auth/authenticator.js';
import { asDomainError } from '../domain/shared/errors.js';
import { inSpan } from '../tracing/tracing.js';
import type { Principal } from '../domain/shared/principal.js';
import type { RequestLimiter } from '../domain/auth/request-limiter.js';
import { readJsonBody, type BodyReaderDeps } from './execution/body.js';
import { cacheControlPlugin } from './execution/cache-control.js';
import { CompiledQueries } from './execution/compiled-queries.js';
import { createContext, type GraphQLContext, type Domain } from './execution/context.js';
import { errorFormatter, type ReportError } from './execution/errors.js';
import { eventStream } from './subscriptions/event-stream.js';
import { compressResponses } from '../http/compression.js';
import type { RequestAuthenticator } from '../http/request-authenticator.js';
import { onBehalfOf } from '../http/response-signal.js';
import { respond } from './execution/respond.js';
import { refuse } from './execution/refuse-request.js';
import { LargeOperations } from './execution/large-operations.js';
import { checkDocuments } from './execution/check-documents.js';
import { limitRules, MAX_TOKENS } from './execution/document-limits.js';
import { Documents } from './execution/documents.js';
import { Operations } from './execution/operations.js';
import { admissionPlugin, OperationAdmission } from './execution/operation-admission.js';
import { operationSpan } from './execution/operation-span.js';
import { refuseSubscriptions } from './execution/refuse-subscriptions.js';
import { createSchema } from './schema.js';
import { preflightByAuthorization, refuseSingleConnections } from './execution/http-requests.js';
import { httpStatusPlugin } from './execution/http-status-plugin.js';
import type { SubscriptionGate } from './subscriptions/subscription-limits.js';
import { WebSockets } from './subscriptions/web-socket.js';

export const PATH = '/graphql';

export interface GraphQLDeps extends BodyReaderDeps {
  readonly services: Domain;
  readonly requestAuthenticator: RequestAuthenticator;
  readonly authenticator: Pick<Authenticator, 'renew' | 'watch'>;
  readonly limiter: Pick<RequestLimiter, 'take'>;
  /** of the costs of operations a minute */
  readonly costLimiter: Pick<RequestLimiter, 'take'>;
  readonly subscriptionGate: SubscriptionGate;
  readonly report: ReportError;
}

/** The GraphQL transport. */
export interface GraphQLTransport {
  /** to be mounted at PATH */
  readonly router: Router;
  /**
   * Accepts the WebSockets of a server at PATH, and refuses them at other paths.
   * @param prepare called with each request before its path is read
   */
  attach(server: Server, prepare?: (request: IncomingMessage) => void): void;
  /** how many subscriptions are open */
  readonly subscriptionCount: number;
  /** Closes the WebSockets; requests go on. */
  endSockets(): Promise<void>;
  close(): Promise<void>;
}

export async function createGraphQL(deps: GraphQLDeps): Promise<GraphQLTransport> {
  const { services, report } = deps;
  const schema = await createSchema();
  const format = errorFormatter(report);
  const { sensors, maxPings } = services;
  const large = new LargeOperations();
  const admission = new OperationAdmission({ ...deps, schema, sensors, maxPings });
  const documents = new Documents({ ...deps, schema });
  const apollo = new ApolloServer<GraphQLContext>({
    gateway: executorOf(new CompiledQueries(schema), large, schema),
    formatError: format,
    documentStore: documents.store,
    validationRules: limitRules,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    introspection: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stringifyResult: (result) => large.stringify(result),
    stopOnTerminationSignals: false,
    // Otherwise Apollo reads NODE_ENV, and adds stack traces where that is not production.
    nodeEnv: 'production',
    logger: errorLogger(report),
    plugins: [
      refuseSubscriptions,
      admissionPlugin(admission, large),
      httpStatusPlugin,
      cacheControlPlugin,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();

  const router = Router();
  router.use(atPathItself, authenticate(deps));
  router.use(readJsonBody(deps));
  router.use(withBody, preflightByAuthorization, refuseSingleConnections);
  router.use(checkDocuments({ documents, format }));
  const operations = new Operations({
    ...deps,
    schema,
    documents,
    admission,
    large,
    format,
  });
  const sockets = new WebSockets({ ...deps, operations });
  router.use(eventStream(operations), compressResponses);
  const contextOf = (response: Response) => {
    const { principal, onlyReads } = response.locals as {
      principal: Principal;
      onlyReads?: boolean;
    };
    return createContext(onBehalfOf(principal, response, onlyReads ?? false), services);
  };
  router.use(respond({ apollo, contextOf, stallMs: deps.stallMs }));
  return {
    router,
    attach: (server, prepare) => sockets.attach(server, PATH, prepare),
    get subscriptionCount() {
      return operations.subscriptionCount;
    },
    endSockets: () => sockets.close(),
    close: () => apollo.stop(),
  };
}

/**
 * A gateway is the only way that Apollo Server lets another executor run its operations. This one
 * has no federation: it only hands over the schema and the executor.
 */
function executorOf(
  queries: CompiledQueries,
  large: LargeOperations,
  schema: GraphQLSchema,
): ApolloServerOptionsWithGateway<GraphQLContext>['gateway'] {
  return {
    onSchemaLoadOrUpdate: (notify) => {
      notify({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        // The context's operationName is null where no operation has the requested name.
        executor: ({ document, request, context }) =>
          inSpan(
            () => operationSpan(document, request.operationName),
            () =>
              large.execute(context as GraphQLContext, () =>
                queries.execute({
                  document,
                  operationName: request.operationName,
                  variableValues: request.variables,
                  contextValue: context,
                }),
              ),
          ),
      }),
    stop: () => Promise.resolve(),
  };
}

/** No path below has anything. */
const atPathItself: RequestHandler = (request, _response, next) =>
  request.path === '/' ? next() : next('router');

/** Authentication comes before anything in the request is read. */
function authenticate({ requestAuthenticator, report }: GraphQLDeps): RequestHandler {
  return async (request, response, next) => {
    let principal: Principal;
    try {
      principal = await requestAuthenticator.authenticate(request);
    } catch (error) {
      const refusal = asDomainError(error);
      if (!refusal) throw error;
      if (refusal.code === 'UNAVAILABLE') report(error);
      refuse(request, response, refusal, requestAuthenticator.challenges(request.headers));
      return;
    }
    response.locals.principal = principal;
    next();
  };
}

/** Apollo's integration mistakes a request without a body for one that no parser has seen. */
const withBody: RequestHandler = (request, _response, next) => {
  request.body ??= {};
  next();
};

/**
 * Beside the errors that formatError gets, Apollo logs only failures of the server at this level.
 */
function errorLogger(report: ReportError) {
  const silent = (): void => undefined;
  const error = (message: unknown): void => report(message);
  return { debug: silent, info: silent, warn: silent, error };
}
