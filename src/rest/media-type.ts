import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { CHUNK_BYTES, type Decompress } from '../http/body.js';
import { HttpError, unsupportedMediaType } from './errors.js';

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
/** Of files to import. */
export const FILE_TYPES = [
  'text/csv',
  'application/gzip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
] as const;
export type MediaType = typeof JSON_TYPE | typeof NDJSON_TYPE | (typeof FILE_TYPES)[number];

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/**
 * The media type of a request's body, whose text is UTF-8.
 * @throws HttpError 415 where it is not one of `supported`
 */
export function mediaTypeOf(request: IncomingMessage, supported: readonly MediaType[]): MediaType {
  const header = request.headers['content-type'] ?? '';
  const essence = header.split(';', 1)[0]!.trim().toLowerCase();
  const type = supported.find((candidate) => candidate === essence);
  const charset = CHARSET.exec(header)?.[1]?.toLowerCase() ?? 'utf-8';
  // ASCII is UTF-8 already.
  if (!type || !['utf-8', 'utf8', 'us-ascii'].includes(charset)) throw unsupportedMediaType(header);
  return type;
}

/** @throws HttpError 415 where it is neither gzip nor none */
export function decompressOf(request: IncomingMessage): Decompress {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return () => createGunzip({ chunkSize: CHUNK_BYTES });
  }
  if (encoding === 'identity' || encoding === '') return undefined;
  throw new HttpError(415, `Unsupported content encoding "${encoding}" in request.`, {
    'Accept-Encoding': 'gzip',
  });
}
