import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  asDomainError,
  ConflictError,
  InvalidInputError,
  PayloadTooLargeError,
  RateLimitedError,
  UnavailableError,
  type DomainError,
} from '../../domain/shared/errors.js';
import { ResyncError } from '../../domain/pings/feed.js';
import { formatInstant } from '../../domain/shared/time.js';
import { inputErrorPath } from './input-error-path.js';

/** Hears of each error that is a fault of the server, whole. */
export type ReportError = (error: unknown) => void;

// What Apollo and graphql-js say of a request themselves; it holds nothing of the inside.
const TOLD = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COMPLEX',
]);

// How many tokens there may be, and how many fields of one name are compared with each other.
const OVER_A_LIMIT = /Document contains more that \d+ tokens|^Validation aborted\.$/;

/** How an error is told: its code and what belongs to it; of a fault of the server nothing but that. */
export function errorFormatter(report: ReportError) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = causeOf(error);
    const domainError = asDomainError(cause);
    if (domainError) {
      return { ...formatted, message: domainError.message, extensions: extensionsOf(domainError) };
    }
    if (cause instanceof ResyncError) {
      return { ...formatted, message: cause.message, extensions: { code: 'RESYNC' } };
    }
    const field = cause instanceof GraphQLError ? inputErrorPath(cause) : undefined;
    if (field !== undefined) {
      return { ...formatted, extensions: { code: 'BAD_USER_INPUT', ...(field && { field }) } };
    }
    if (isTooComplex(formatted, cause))
      return { ...formatted, extensions: { code: 'QUERY_TOO_COMPLEX' } };
    const code = formatted.extensions?.code;
    if (typeof code === 'string' && TOLD.has(code)) return formatted;
    report(cause);
    return {
      ...formatted,
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

/** What a resolver, or the source of a subscription, threw. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError) || !error.originalError) return error;
  const { path, originalError } = error;
  const isTold = asDomainError(originalError) ?? originalError instanceof ResyncError;
  return path || isTold ? originalError : error;
}

/** The code of an error, and what SPEC puts beside it. */
export function extensionsOf(error: DomainError): Record<string, unknown> {
  const { code } = error;
  if (error instanceof InvalidInputError) {
    const [first] = error.errors;
    return {
      code,
      field: first.path.join('.'),
      ...(error.errors.length > 1 && {
        faults: error.errors.map(({ path, message }) => ({ field: path.join('.'), message })),
      }),
    };
  }
  if (error instanceof ConflictError) return { code, conflicts: error.conflicts.map(conflictOf) };
  if (error instanceof PayloadTooLargeError) return { code: 'BAD_USER_INPUT' };
  if (error instanceof RateLimitedError || error instanceof UnavailableError) {
    return { code, retryAfter: error.retryAfterSeconds };
  }
  return { code };
}

function conflictOf({ index, sensorId, datetime, flowrate }: ConflictError['conflicts'][number]) {
  return { index, sensorId: String(sensorId), datetime: formatInstant(datetime), flowrate };
}

/** Apollo gives errors of validation rules a code of its own; graphql-js has none for the limits that it keeps. */
function isTooComplex({ message }: GraphQLFormattedError, cause: unknown): boolean {
  if (!(cause instanceof GraphQLError)) return false;
  const { originalError: original = cause } = cause;
  return (
    (original instanceof GraphQLError && original.extensions.code === 'QUERY_TOO_COMPLEX') ||
    OVER_A_LIMIT.test(message)
  );
}
