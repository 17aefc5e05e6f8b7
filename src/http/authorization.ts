import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { UnauthenticatedError } from '../domain/shared/errors.js';

export type Credential =
  | { readonly kind: 'token'; readonly key: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

/**
 * Reads an Authorization header as Django REST Framework does, with its messages.
 * @throws UnauthenticatedError where the header is missing, of another scheme, or malformed
 */
export function parseAuthorization(header: string | undefined): Credential {
  const [scheme, value, ...rest] = (header ?? '').split(/[ \t]+/).filter(Boolean);
  const name = scheme?.toLowerCase();
  if (name !== 'token' && name !== 'basic') {
    throw new UnauthenticatedError('Authentication credentials were not provided.');
  }
  if (value === undefined) throw malformed(name, 'No credentials provided.');
  if (rest.length > 0) {
    const what = name === 'token' ? 'Token string' : 'Credentials string';
    throw malformed(name, `${what} should not contain spaces.`);
  }
  return name === 'token' ? { kind: 'token', key: value } : basic(value);
}

/**
 * The values of WWW-Authenticate. Basic is left out for requests by a page's script, so that the
 * browser opens no dialog. A header for each: browsers do not read a list in one.
 */
export function challenges(headers: IncomingHttpHeaders): string[] {
  const mode = headers['sec-fetch-mode'];
  const isScript = mode !== undefined && mode !== 'navigate';
  return isScript ? ['Token'] : ['Token', 'Basic realm="api"'];
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function basic(value: string): Credential {
  const bytes = Buffer.from(value, 'base64');
  // Clients older than RFC 7617 send Latin-1.
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const colon = text.indexOf(':');
  if (!BASE64.test(value) || colon < 0) {
    throw malformed('basic', 'Credentials not correctly base64 encoded.');
  }
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function malformed(scheme: 'token' | 'basic', what: string): UnauthenticatedError {
  return new UnauthenticatedError(`Invalid ${scheme} header. ${what}`);
}
