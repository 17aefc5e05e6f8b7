import { errors } from 'undici';
import { ForbiddenAddressError } from './guarded-connector.js';

// Codes of Node.js, OpenSSL and undici.
const SENTENCES: readonly [code: RegExp, sentence: string][] = [
  [/^ECONNREFUSED$/, 'The connection was refused.'],
  [/^ENOTFOUND$/, 'The host name is unknown.'],
  [/^EAI_AGAIN$/, 'The host name could not be resolved.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The connection was closed before a response came.'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'No connection could be made in time.'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EINVAL)$/, 'The host cannot be reached.'],
  [/^CERT_HAS_EXPIRED$/, 'The TLS certificate has expired.'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'The TLS certificate is for another host name.'],
  [/SELF_SIGNED_CERT|UNABLE_TO|^CERT_/, 'The TLS certificate is not trusted.'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'No TLS connection could be made.'],
];

/** Why a request got no response: a plain sentence, then the system's own words. */
export function connectionError(error: Error): string {
  if (error instanceof ForbiddenAddressError) return error.message;
  // Of several addresses the first error is as good as any.
  const cause =
    error instanceof AggregateError ? ((error.errors[0] as Error | undefined) ?? error) : error;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const detail = message || code || cause.name;
  const sentence =
    cause instanceof errors.HTTPParserError
      ? 'The response is not valid HTTP.'
      : SENTENCES.find(([pattern]) => pattern.test(code))?.[1];
  return `${sentence ?? 'The request failed.'} (${detail})`;
}
