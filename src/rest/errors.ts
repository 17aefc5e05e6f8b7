import {
  asDomainError,
  ConflictError,
  InvalidInputError,
  RateLimitedError,
  UnavailableError,
  type DomainError,
  type FieldError,
  type PingConflict,
} from '../domain/shared/errors.js';
import { ImportErrors } from '../domain/transfer/import/errors.js';
import { formatInstant } from '../domain/shared/time.js';
import { DecompressionError } from '../http/body.js';
import { ERROR_STATUS } from '../http/error-status.js';
import { errorsBody } from './imports/result.js';
import { json, type RestResponse } from './response.js';

/** An error of HTTP itself, which the domain does not know. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function methodNotAllowed(method: string, allow: string): HttpError {
  return new HttpError(405, `Method "${method}" not allowed.`, { Allow: allow });
}

export function unsupportedMediaType(contentType: string): HttpError {
  return new HttpError(415, `Unsupported media type "${contentType}" in request.`);
}

/**
 * The response to an error; undefined for a failure of the server, about which the client gets
 * nothing.
 */
export function errorResponse(error: unknown): RestResponse | undefined {
  if (error instanceof HttpError) return withDetail(error.status, error.message, error.headers);
  if (error instanceof DecompressionError) {
    return withDetail(400, `Gzip decode error - ${error.message}`);
  }
  const known = asDomainError(error);
  return known && domainErrorResponse(known);
}

export const SERVER_ERROR = withDetail(500, 'A server error occurred.');

function withDetail(
  status: number,
  detail: string,
  headers: RestResponse['headers'] = {},
): RestResponse {
  return { ...json({ detail }, status), headers };
}

function domainErrorResponse(error: DomainError): RestResponse {
  const status = ERROR_STATUS[error.code];
  if (error instanceof ImportErrors) return json(errorsBody(error), status);
  if (error instanceof InvalidInputError) return json(keyed(error.errors), status);
  if (error instanceof ConflictError) {
    return json({ detail: error.message, conflicts: error.conflicts.map(conflictBody) }, status);
  }
  if (error instanceof RateLimitedError || error instanceof UnavailableError) {
    const headers = { 'Retry-After': String(error.retryAfterSeconds) };
    return withDetail(status, error.message, headers);
  }
  return withDetail(status, error.message);
}

function conflictBody({ index, sensorId, datetime, flowrate }: PingConflict): object {
  return { index, sensor_id: sensorId, datetime: formatInstant(datetime), flowrate };
}

/** The key of an error that belongs to no single field, as in Django REST Framework. */
const NON_FIELD = 'non_field_errors';

type Keyed = { [key: string]: string[] | Keyed };

/** `{"start": [message]}`, of several pings `{"3": {"flowrate": [message]}}`. */
function keyed(errors: readonly FieldError[]): Keyed {
  const body = noKeys();
  for (const { path, message } of errors) {
    const keys = path.map(String);
    if (typeof path.at(-1) !== 'string') keys.push(NON_FIELD);
    const field = keys.pop() as string;
    let place = body;
    for (const key of keys) place = (place[key] ??= noKeys()) as Keyed;
    ((place[field] ??= []) as string[]).push(message);
  }
  return body;
}

/** A field that a client names may be called `__proto__` or `constructor`. */
function noKeys(): Keyed {
  return Object.create(null) as Keyed;
}
