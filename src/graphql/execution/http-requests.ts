import type { Request, RequestHandler } from 'express';
import { badRequest } from './body.js';

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
