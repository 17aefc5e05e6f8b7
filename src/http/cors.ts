import cors from 'cors';
import type { Middleware } from './handler.js';

const MAX_AGE_SECONDS = 600;

/**
 * Lets pages of these origins, and no others, call the handlers after it. Preflights are answered
 * here, since a browser sends no credential with them; any other OPTIONS request goes on.
 */
export function allowOrigins(origins: readonly string[]): Middleware {
  const options = {
    origin: [...origins],
    exposedHeaders: ['Retry-After', 'WWW-Authenticate', 'Location', 'Allow', 'X-Request-Id'],
  };
  const preflight = cors({ ...options, methods: ['GET', 'HEAD', 'POST'], maxAge: MAX_AGE_SECONDS });
  const actual = cors({ ...options, preflightContinue: true });
  return (request, response, next) => {
    const { method, headers } = request;
    if (headers.origin === undefined) {
      // Not of another page; a cache must know that one may be answered otherwise.
      response.setHeader('Vary', 'Origin');
      next();
      return;
    }
    const isPreflight =
      method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    (isPreflight ? preflight : actual)(request, response, next);
  };
}
