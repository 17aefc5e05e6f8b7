import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { json, Router, type RequestHandler } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Authenticator } from '../domain/auth/authenticator.js';
import { asDomainError } from '../domain/shared/errors.js';
import type { Principal } from '../domain/shared/principal.js';
import type { RequestLimiter } from '../domain/auth/request-limiter.js';
import { refuseBody } from './execution/body.js';
import { cacheControlPlugin } from './execution/cache-control.js';
import { CompiledQueries } from './execution/compiled-queries.js';
import { createContext, type GraphQLContext, type Domain } from './execution/context.js';
import { errorFormatter, type ReportError } from './execution/errors.js';
import { eventStream } from './subscriptions/event-stream.js';
import { compressResponses } from '../http/compression.js';
import type { RequestAuthenticator } from '../http/request-authenticator.js';
import { refuse } from './execution/refuse-request.js';
import { limitRules, MAX_TOKENS } from './execution/document-limits.js';
import { Operations } from './execution/operations.js';
import { costPlugin } from './execution/query-cost.js';
import { refuseSubscriptions } from './execution/refuse-subscriptions.js';
import { createSchema } from './schema.js';
import { httpStatusPlugin } from './execution/http-status-plugin.js';
import { WebSockets } from './subscriptions/web-socket.js';

export const PATH = '/graphql';

export interface GraphQLDeps {
  readonly services: Domain;
  readonly requestAuthenticator: RequestAuthenticator;
  readonly authenticator: Pick<Authenticator, 'renew' | 'watch'>;
  readonly limiter: Pick<RequestLimiter, 'take'>;
  /** of a request's body, decoded */
  readonly maxBodyBytes: number;
  readonly report: ReportError;
}

/** The GraphQL transport. */
export interface GraphQLTransport {
  /** to be mounted at PATH */
  readonly router: Router;
  /** Takes the WebSockets of a server, which are refused at other paths than PATH. */
  attach(server: Server): void;
  /** Closes the WebSockets; requests go on. */
  endSockets(): Promise<void>;
  close(): Promise<void>;
}

export async function createGraphQL(parts: GraphQLDeps): Promise<GraphQLTransport> {
  const { services, maxBodyBytes, report } = parts;
  const schema = await createSchema();
  const format = errorFormatter(report);
  const apollo = new ApolloServer<GraphQLContext>({
    gateway: executedBy(new CompiledQueries(schema), schema),
    formatError: format,
    validationRules: limitRules,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    introspection: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stringifyResult: JSON.stringify,
    stopOnTerminationSignals: false,
    // Else it reads NODE_ENV, to say more where that is not production.
    nodeEnv: 'production',
    logger: silentBut(report),
    plugins: [
      refuseSubscriptions,
      costPlugin,
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
  router.use(atPathItself, admission(parts));
  router.use(json({ limit: maxBodyBytes }), refuseBody);
  router.use(withBody);
  const operations = new Operations({ ...parts, schema, format });
  const sockets = new WebSockets({ ...parts, operations });
  router.use(eventStream(operations), compressResponses);
  router.use(
    expressMiddleware(apollo, {
      context: ({ res }) =>
        Promise.resolve(createContext(res.locals.principal as Principal, services)),
    }),
  );
  return {
    router,
    attach: (server) => sockets.attach(server, PATH),
    endSockets: () => sockets.close(),
    close: () => apollo.stop(),
  };
}

/** What Apollo takes an executor of one's own from. */
function executedBy(
  queries: CompiledQueries,
  schema: GraphQLSchema,
): ApolloServerOptionsWithGateway<GraphQLContext>['gateway'] {
  return {
    onSchemaLoadOrUpdate: (told) => {
      told({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        // The context's own name of the operation is null where there is none of the name that was asked for.
        executor: ({ document, request, context }) =>
          queries.execute({
            document,
            operationName: request.operationName,
            variableValues: request.variables,
            contextValue: context,
          }),
      }),
    stop: () => Promise.resolve(),
  };
}

/** Below the path there is nothing. */
const atPathItself: RequestHandler = (request, _response, next) =>
  request.path === '/' ? next() : next('router');

/** Authentication comes before anything that the request holds is looked at. */
function admission({ requestAuthenticator, report }: GraphQLDeps): RequestHandler {
  return async (request, response, next) => {
    try {
      response.locals.principal = await requestAuthenticator.authenticate(request);
    } catch (error) {
      const told = asDomainError(error);
      if (!told) throw error;
      if (told.code === 'UNAVAILABLE') report(error);
      refuse(request, response, told, requestAuthenticator.challenges(request.headers));
      return;
    }
    next();
  };
}

/** Apollo's integration takes a request without a body for one that nothing has parsed. */
const withBody: RequestHandler = (request, _response, next) => {
  request.body ??= {};
  next();
};

/** What Apollo logs beside the errors that formatError sees are faults of the server, or nothing of interest. */
function silentBut(report: ReportError) {
  const silent = (): void => undefined;
  const error = (message: unknown): void => report(message);
  return { debug: silent, info: silent, warn: silent, error };
}
