import { ThinnedPingsError } from '../../storage/pings/thinned-pings-error.js';
import { DatabaseUnavailableError } from '../../storage/postgres/pg-errors.js';
import { formatInstant } from './time.js';

/**
 * The closed list of errors that a caller can get. Each transport maps every code to its own
 * protocol. An error that is not a DomainError is a failure of the server: it is logged whole, and
 * the caller gets nothing of it.
 */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'BAD_USER_INPUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
}

/** The request has no credential or one that is not valid. The message says which. */
export class UnauthenticatedError extends DomainError {
  readonly code = 'UNAUTHENTICATED';
}

/** The credential is valid but lacks the scope. */
export class ForbiddenError extends DomainError {
  readonly code = 'FORBIDDEN';
  constructor() {
    super('You do not have permission to perform this action.');
  }
}

/** It does not exist or belongs to another account; the caller cannot know which. */
export class NotFoundError extends DomainError {
  readonly code = 'NOT_FOUND';
  constructor(message = 'Not found.') {
    super(message);
  }
}

/** One error in what was sent; `path` leads to the field, e.g. `['pings', 3, 'flowrate']`. */
export interface FieldError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The errors of fields, in their order; undefined where nothing is wrong with one. */
export function fieldErrors(messages: Readonly<Record<string, string | undefined>>): FieldError[] {
  return Object.entries(messages).flatMap(([field, message]) =>
    message === undefined ? [] : [{ path: [field], message }],
  );
}

/** What was sent breaks a rule. Reports every error that was found, not only the first. */
export class InvalidInputError extends DomainError {
  readonly code = 'BAD_USER_INPUT';
  constructor(readonly errors: readonly [FieldError, ...FieldError[]]) {
    super(errors[0].message);
  }

  static of(field: string, message: string): InvalidInputError {
    return new InvalidInputError([{ path: [field], message }]);
  }
}

/**
 * A ping whose instant has another flowrate (bbl/d) already, which is `flowrate`: stored, or given
 * by an earlier ping of the same request.
 */
export interface PingConflict {
  readonly index: number;
  readonly sensorId: number;
  readonly datetime: Date;
  readonly flowrate: number;
}

export class ConflictError extends DomainError {
  readonly code = 'CONFLICT';
  constructor(
    message: string,
    readonly conflicts: readonly PingConflict[] = [],
  ) {
    super(message);
  }
}

/** The request is larger than a limit allows. The message names the limit. */
export class PayloadTooLargeError extends DomainError {
  readonly code = 'PAYLOAD_TOO_LARGE';
}

export class RateLimitedError extends DomainError {
  readonly code = 'RATE_LIMITED';
  constructor(
    readonly retryAfterSeconds: number,
    message = `Request was throttled. Expected available in ${retryAfterSeconds} seconds.`,
  ) {
    super(message);
  }
}

/** The database is unavailable or the server is overloaded; nothing was done. */
export class UnavailableError extends DomainError {
  readonly code = 'UNAVAILABLE';
  constructor(
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super('Service temporarily unavailable, try again later.', options);
  }
}

const RETRY_AFTER_SECONDS = 2;

/**
 * The error that a transport reports to the caller; undefined where it is a failure of the server.
 */
export function asDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof DatabaseUnavailableError) {
    return new UnavailableError(RETRY_AFTER_SECONDS, { cause: error });
  }
  if (error instanceof ThinnedPingsError) return thinnedPings(error);
  return undefined;
}

function thinnedPings({ field, instant, until }: ThinnedPingsError): InvalidInputError {
  const rule = {
    start: 'Must be a whole hour (UTC)',
    end: 'Must be a whole hour (UTC)',
    dayStart: 'Buckets must begin at whole hours (UTC)',
    asOf: 'Must be left out for a range without a reading between its start and',
    effectiveFrom: 'Must not be before',
    datetime: 'Must not be before',
  }[field];
  const [at, end] = [formatInstant(instant), formatInstant(until)];
  const message =
    field === 'asOf' || field === 'effectiveFrom' || field === 'datetime'
      ? `${rule} ${end}, until when readings are thinned; got ${at}.`
      : `${rule} before ${end}, until when readings are thinned: the flow within an hour is no longer known; got ${at}.`;
  return InvalidInputError.of(field, message);
}
