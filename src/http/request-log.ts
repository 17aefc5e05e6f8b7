import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Log } from './log.js';

const REQUEST_ID = 'X-Request-Id';

/** Names each request, in its answer and in the log; each is logged at `debug`. */
export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    response.setHeader(REQUEST_ID, randomUUID());
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

/** Logs what is the server's own fault, and by the name that whoever asked was told. */
export function logFault(log: Log, error: unknown, request?: Request): void {
  log.error({ err: error, ...(request && named(request)) }, 'a request failed');
}

function named(request: Request): object {
  const { method, originalUrl } = request;
  return { requestId: request.res?.getHeader(REQUEST_ID), method, url: originalUrl };
}
