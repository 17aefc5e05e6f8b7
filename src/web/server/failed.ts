import type { ErrorRequestHandler } from 'express';
import {
  asDomainError,
  RateLimitedError,
  UnavailableError,
  type DomainError,
} from '../../domain/shared/errors.js';
import type { RequestAuthenticator } from '../../http/request-authenticator.js';
import { ERROR_STATUS } from '../../http/error-status.js';
import type { Log } from '../../http/log.js';
import { isClientGone } from '../../http/request-log.js';
import { ClientGone } from './download.js';

/** Responds in plain text why a page or file is not available; reveals nothing of the inside. */
export function failed(log: Log, requestAuthenticator: RequestAuthenticator): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (error instanceof ClientGone || isClientGone(error, request)) return;
    const known = asDomainError(error);
    const status = known ? ERROR_STATUS[known.code] : statusOf(error);
    if (status >= 500 && !known) log.error({ err: error }, 'a page failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (status === 401)
      response.set('WWW-Authenticate', requestAuthenticator.challenges(request.headers));
    if (known) response.set(retryAfter(known));
    const message = status >= 500 ? 'A server error occurred.' : 'The request was not understood.';
    response
      .status(status)
      .set('Cache-Control', 'no-store')
      .type('text')
      .send(known?.message ?? message);
  };
}

function retryAfter(error: DomainError): Record<string, string> {
  const waits = error instanceof RateLimitedError || error instanceof UnavailableError;
  return waits ? { 'Retry-After': String(error.retryAfterSeconds) } : {};
}

/** The status that express's own parsers give an error. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 ? status : 500;
}
