import type { Request, RequestHandler } from 'express';
import { GraphQLError } from 'graphql';
import { badRequest } from './body.js';
import { contentType } from './refuse-request.js';
import { requireBoundedDocument } from './request-bounds.js';

// Among media types that are accepted equally, the first is used.
const ANSWERS = ['application/json', 'application/graphql-response+json', 'text/event-stream'];

/** Refuses documents that are too long before anything parses them. */
export const limitDocuments: RequestHandler = (request, response, next) => {
  const { query } = (request.body ?? {}) as { query?: unknown };
  try {
    if (typeof query === 'string') requireBoundedDocument(query);
    next();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { code } = error.extensions;
    const isJson = request.accepts(ANSWERS) === ANSWERS[0];
    response
      .status(isJson ? 200 : 400)
      .set({ 'content-type': contentType(request), 'cache-control': 'no-store' })
      .end(JSON.stringify({ errors: [{ message: error.message, extensions: { code } }] }));
  }
};

/**
 * Lets a GET with an Authorization header pass Apollo's prevention of cross-site request forgery:
 * no page of another site can make a browser send that header without a preflight, and a GET
 * changes nothing.
 * https://www.apollographql.com/docs/apollo-server/security/cors#preventing-cross-site-request-forgery-csrf
 */
export const preflightByAuthorization: RequestHandler = (request, _response, next) => {
  if (request.headers.authorization !== undefined) {
    request.headers['apollo-require-preflight'] = 'true';
  }
  next();
};

/**
 * Answers the requests of graphql-sse's single connection mode, and other methods that are not for
 * GraphQL.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#single-connection-mode
 */
export const refuseSingleConnections: RequestHandler = (request, response, next) => {
  if (isForGraphQL(request)) {
    next();
    return;
  }
  const message =
    'Event streams are offered in distinct connections mode only: POST the operation with Accept: text/event-stream. A WebSocket with graphql-transport-ws carries several operations.';
  response.set('allow', 'GET, HEAD, POST');
  badRequest(response, 405, message);
};

function isForGraphQL(request: Request): boolean {
  const { method, headers } = request;
  if (method === 'GET') {
    const asksForStream = request.accepts(['application/json', 'text/event-stream']);
    return !(
      headers['x-graphql-event-stream-token'] !== undefined || asksForStream === 'text/event-stream'
    );
  }
  return method === 'POST' || method === 'HEAD' || method === 'OPTIONS';
}
