import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { ExecutionResult } from 'graphql';
import { createHandler, type HandlerOptions } from 'graphql-sse';
import type { Principal } from '../../domain/shared/principal.js';
import { badRequest } from '../execution/body.js';
import { SseWriter } from './sse-writer.js';
import { RevocableResults } from './revocable-results.js';
import type { Operations } from '../execution/operations.js';
import { requestError } from '../execution/request-error.js';

/**
 * Operations whose results are sent as server-sent events, in one request each: the "distinct
 * connections mode" of graphql-sse.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function eventStream(operations: Operations): RequestHandler {
  const handle = createHandler<IncomingMessage, SseWriter>(optionsFor(operations));
  return async (request, response, next) => {
    if (request.method !== 'POST' || request.accepts(MEDIA_TYPES) !== EVENT_STREAM) {
      next();
      return;
    }
    const error = requestError(request.body);
    if (error !== undefined) {
      badRequest(response, 400, error);
      return;
    }
    const delivery = new SseWriter(response.locals.principal as Principal, response);
    const [body, { status, statusText, headers }] = await handle({
      method: request.method,
      url: request.url,
      // graphql-sse does not understand a header that also accepts something else.
      headers: {
        get: (name) => (name === 'accept' ? EVENT_STREAM : request.headers[name]?.toString()),
      },
      body: request.body as Record<string, unknown>,
      raw: request,
      context: delivery,
    });
    response.writeHead(status, statusText, headers);
    if (!body || typeof body === 'string') response.end(body ?? undefined);
    else await delivery.write(body);
  };
}

function optionsFor(operations: Operations): HandlerOptions<IncomingMessage, SseWriter> {
  const { authenticator } = operations.deps;
  return {
    // Requests are authenticated before they come here. Null: no streams that requests share.
    authenticate: () => null,
    onSubscribe: async ({ context }, params) => {
      const stream = { onDrop: () => context.drop() };
      const prepared = await operations.prepare(context.principal, params, stream);
      if ('schema' in prepared) return prepared as never;
      const errors = prepared.map((error) => operations.formatError(error));
      return [JSON.stringify({ errors }), BAD_REQUEST];
    },
    onOperation: (_operation, { context: { principal } }, _args, result) =>
      Symbol.asyncIterator in result
        ? new RevocableResults(result as AsyncGenerator<ExecutionResult>, principal, authenticator)
        : undefined,
    onNext: async (_operation, { context }, result) => {
      await context.reserve();
      const { errors, ...rest } = result as ExecutionResult;
      return (
        errors && { ...rest, errors: errors.map((error) => operations.formatError(error)) as never }
      );
    },
  };
}

const EVENT_STREAM = 'text/event-stream';
// Among media types that are accepted equally, the first is used.
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json', EVENT_STREAM];

const BAD_REQUEST = {
  status: 400,
  statusText: 'Bad Request',
  headers: { 'content-type': 'application/json; charset=utf-8' },
};
