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
