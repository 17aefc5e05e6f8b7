import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
  type DomainError,
  type ErrorCode,
} from '../../domain/shared/errors.js';
import { endWithRequest } from '../../http/early-response.js';
import { extensionsOf } from './errors.js';

export const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** Answers a request that is refused before it is executed. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: DomainError,
  challenges: string[],
): void {
  const body = JSON.stringify({
    errors: [{ message: error.message, extensions: extensionsOf(error) }],
  });
  const waits = error instanceof RateLimitedError || error instanceof UnavailableError;
  response.writeHead(STATUS[error.code] ?? 400, {
    'Content-Type': contentType(request),
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(error instanceof UnauthenticatedError && { 'WWW-Authenticate': challenges }),
    ...(waits && { 'Retry-After': String(error.retryAfterSeconds) }),
  });
  endWithRequest(request, response, body);
}

/** https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types */
export function contentType({ headers }: IncomingMessage): string {
  return headers.accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
}
