import type { IncomingMessage } from 'node:http';
import type { RequestOrigin } from './request-origin.js';

/**
 * The value of a cookie as it was sent; of several with one name the first, which is the most
 * specific.
 */
export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const prefix = `${name}=`;
  return (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
}

/**
 * The name of a cookie that only this host can set: over https with the prefix for which browsers
 * enforce that, so that another host of the domain cannot plant its own.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2
 */
export function hostCookieName(name: string, isSecure: boolean, basePath: string): string {
  // That prefix requires the path `/`, which other servers of the host would share.
  const prefix = basePath === '' ? '__Host-' : '__Secure-';
  return isSecure ? prefix + name : name;
}

/** The value of such a cookie. A WebSocket's proxy may not say that it is https. */
export function hostCookieOf(
  request: IncomingMessage,
  name: string,
  origin: Pick<RequestOrigin, 'basePath' | 'isSecure'>,
): string | undefined {
  const prefixed = cookieOf(request, hostCookieName(name, true, origin.basePath));
  return prefixed ?? (origin.isSecure(request) ? undefined : cookieOf(request, name));
}
