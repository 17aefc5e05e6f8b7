import type { IncomingMessage } from 'node:http';

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
export function hostCookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** The value of such a cookie. A WebSocket's proxy may not say that it is https. */
export function hostCookieOf(
  request: IncomingMessage,
  name: string,
  isSecure: boolean,
): string | undefined {
  const prefixed = cookieOf(request, hostCookieName(name, true));
  return prefixed ?? (isSecure ? undefined : cookieOf(request, name));
}
