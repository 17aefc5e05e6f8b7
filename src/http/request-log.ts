import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Middleware } from './handler.js';
import type { Log } from './log.js';

const ids = new WeakMap<IncomingMessage, string>();

/** Names each request, in its answer and in the log; each is logged at `debug`. */
export function logRequests(log: Log): Middleware {
  return (request, response, next) => {
    const id = randomUUID();
    ids.set(request, id);
    response.setHeader('X-Request-Id', id);
    if (log.isLevelEnabled('debug')) {
      const began = performance.now();
      response.once('finish', () => {
        const ms = Math.round(performance.now() - began);
        log.debug({ ...named(request), status: response.statusCode, ms }, 'request');
      });
    }
    next();
  };
}

/** Logs a failure of the server under the request id that the client received. */
export function logFailure(log: Log, error: unknown, request?: IncomingMessage): void {
  log.error({ err: error, ...(request && named(request)) }, 'a request failed');
}

const CONNECTION_LOST = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ECANCELED']);

/** Whether a request failed only because its client has gone. */
export function isClientGone(error: unknown, { socket }: IncomingMessage): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return socket.destroyed && code !== undefined && CONNECTION_LOST.has(code);
}

function named(request: IncomingMessage & { originalUrl?: string }): object {
  // Where express has mounted something, `url` is what follows that place. The query is left out,
  // because a client may have put a secret there by mistake.
  const { method, url, originalUrl = url } = request;
  return { requestId: ids.get(request), method, url: originalUrl?.split('?', 1)[0] };
}
