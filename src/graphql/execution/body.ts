import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { PayloadTooLargeError, UnavailableError } from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf } from '../../domain/shared/time-slices.js';
import type { BodyBudget } from '../../http/body-budget.js';
import {
  CHUNK_BYTES,
  DecompressionError,
  readWholeBody,
  TooManyValuesError,
  type Decompress,
} from '../../http/body.js';
import { endWithRequest } from '../../http/early-response.js';
import { refuse } from './refuse-request.js';
import { maxBodyValues } from './request-bounds.js';

/** The maximum size of a body that cannot record pings: only those need many values. */
export const READ_BYTES = 2 ** 20;

/** From this size on, no two bodies are parsed, nor their documents, in one turn of the event loop. */
const LONG_BYTES = 4000;

export interface BodyReaderDeps {
  readonly bodies: BodyBudget;
  /** the maximum size of a request's body, decoded */
  readonly maxBodyBytes: number;
  readonly services: { readonly maxPings: number };
  /** after how many milliseconds without a byte of its body a client is cut */
  readonly stallMs: number;
}

/**
 * Reads and parses the JSON body of an authenticated request. The body counts among those in flight
 * until the response is closed, or until `releaseBody`.
 */
export function readJsonBody(deps: BodyReaderDeps): RequestHandler {
  const { bodies, maxBodyBytes, stallMs } = deps;
  const maxValues = maxBodyValues(deps.services.maxPings);
  return async (request, response, next) => {
    if (!request.is('application/json')) {
      next();
      return;
    }
    const principal = response.locals.principal as Principal;
    const maxBytes = maySendPings(principal) ? maxBodyBytes : Math.min(maxBodyBytes, READ_BYTES);
    const share = bodies.open(principal.accountId);
    response.locals.bodyShare = share;
    response.once('close', () => share.release());
    try {
      const limits = { maxBytes, maxValues, share, stallMs };
      const decoder = decoderOf(request);
      const bytes = await readWholeBody(request, limits, decompressOf(request));
      if (bytes.length >= LONG_BYTES) await turnsOf(principal.accountId).next();
      request.body = parse(bytes, decoder);
    } catch (error) {
      refuseBody(error, request, response, maxBytes);
      return;
    } finally {
      // Nothing closes a response later whose client is gone already.
      if (response.closed) share.release();
    }
    next();
  };
}

function maySendPings({ scopes }: Principal): boolean {
  return scopes.has('INGEST') || scopes.has('ADMIN');
}

/** Lets go of a request's body where the response goes on for longer than it is needed. */
export function releaseBody(request: Request, response: Response): void {
  request.body = undefined;
  (response.locals.bodyShare as { release(): void } | undefined)?.release();
}

/** Answers a request that is malformed. */
export function badRequest(response: Response, status: number, message: string): void {
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  endWithRequest(response.req, response, body);
}

/** A body that is refused by a status of HTTP itself. */
class BodyError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function refuseBody(
  error: unknown,
  request: Request,
  response: Response,
  maxBodyBytes: number,
): void {
  // A client that went away in the middle of its request gets no response.
  if (request.destroyed && !request.complete) return;
  if (error instanceof UnavailableError) refuse(request, response, error, []);
  else if (error instanceof TooManyValuesError) badRequest(response, 413, error.message);
  else if (error instanceof PayloadTooLargeError) {
    const message = `The request's body is larger than ${maxBodyBytes} bytes, decoded.`;
    badRequest(response, 413, message);
  } else if (error instanceof DecompressionError) {
    badRequest(response, 400, `The request's body cannot be decompressed: ${error.message}`);
  } else if (error instanceof BodyError) badRequest(response, error.status, error.message);
  else throw error;
}

/** @throws BodyError 415 where it is not supported */
function decompressOf({ headers }: IncomingMessage): Decompress {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const options = { chunkSize: CHUNK_BYTES };
  if (encoding === 'identity' || encoding === '') return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return () => createGunzip(options);
  if (encoding === 'deflate') return () => createInflate(options);
  if (encoding === 'br') return () => createBrotliDecompress(options);
  throw new BodyError(415, `unsupported content encoding "${encoding}"`);
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** @throws BodyError 415 where JSON cannot be written in it */
function decoderOf({ headers }: IncomingMessage): TextDecoder {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (['utf-8', 'utf8', 'us-ascii', 'utf-16', 'utf-16le', 'utf-16be'].includes(charset)) {
    return new TextDecoder(charset === 'us-ascii' ? 'utf-8' : charset, { fatal: true });
  }
  throw new BodyError(415, `unsupported charset "${charset.toUpperCase()}"`);
}

/** @throws BodyError 400 */
function parse(bytes: Buffer, decoder: TextDecoder): unknown {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new BodyError(400, `The request's body is not ${decoder.encoding.toUpperCase()}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BodyError(400, `The request's body is not JSON: ${(error as Error).message}`);
  }
}
