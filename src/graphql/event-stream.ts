import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { ExecutionResult } from 'graphql';
import { createHandler, type HandlerOptions } from 'graphql-sse';
import type { Principal } from '../domain/principal.js';
import { EventDelivery } from './event-delivery.js';
import { FollowedResults } from './followed-results.js';
import type { Operations } from './operations.js';

/**
 * Operations whose results come as server-sent events, a request each: graphql-sse's "distinct connections".
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function eventStream(operations: Operations): RequestHandler {
  const handle = createHandler<IncomingMessage, EventDelivery>(optionsFor(operations));
  return async (request, response, next) => {
    if (request.method !== 'POST' || request.headers.accept !== 'text/event-stream') {
      next();
      return;
    }
    const delivery = new EventDelivery(response.locals.principal as Principal, response);
    const [body, { status, statusText, headers }] = await handle({
      method: request.method,
      url: request.url,
      headers: { get: (name) => request.headers[name]?.toString() },
      body: request.body as Record<string, unknown>,
      raw: request,
      context: delivery,
    });
    response.writeHead(status, statusText, headers);
    if (!body || typeof body === 'string') response.end(body ?? undefined);
    else await delivery.write(body);
  };
}

function optionsFor(operations: Operations): HandlerOptions<IncomingMessage, EventDelivery> {
  const { authenticator } = operations.parts;
  return {
    // Requests are admitted before they come here; null: no streams that several requests share.
    authenticate: () => null,
    onSubscribe: async ({ context }, params) => {
      const stream = { onDrop: () => context.drop() };
      const prepared = await operations.prepare(context.principal, params, stream);
      if ('schema' in prepared) return prepared as never;
      const errors = prepared.map((error) => operations.tell(error));
      return [JSON.stringify({ errors }), BAD_REQUEST];
    },
    onOperation: (_operation, { context: { principal } }, _args, result) =>
      Symbol.asyncIterator in result
        ? new FollowedResults(result as AsyncGenerator<ExecutionResult>, principal, authenticator)
        : undefined,
    onNext: async (_operation, { context }, result) => {
      await context.room();
      const { errors, ...rest } = result as ExecutionResult;
      return errors && { ...rest, errors: errors.map((error) => operations.tell(error)) as never };
    },
  };
}

const BAD_REQUEST = {
  status: 400,
  statusText: 'Bad Request',
  headers: { 'content-type': 'application/json; charset=utf-8' },
};
