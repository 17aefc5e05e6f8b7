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

/** Is called with every error that is a failure of the server, unmasked. */
export type ReportError = (error: unknown) => void;

// Codes of errors that Apollo and graphql-js report about a request; they reveal nothing internal.
const SAFE_CODES = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COMPLEX',
]);

// graphql-js's limits of tokens, and of fields of one name that it compares with each other.
const OVER_A_LIMIT = /Document contains more that \d+ tokens|^Validation aborted\.$/;

/** Formats an error with its code and details; a failure of the server is masked and reported. */
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
    if (isTooComplex(formatted, cause)) {
      return { ...formatted, extensions: { code: 'QUERY_TOO_COMPLEX' } };
    }
    const code = formatted.extensions?.code;
    if (typeof code === 'string' && SAFE_CODES.has(code)) return formatted;
    report(cause);
    return {
      ...formatted,
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

/** The error that a resolver, or the source of a subscription, threw. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError) || !error.originalError) return error;
  const { path, originalError } = error;
  const isPublic = asDomainError(originalError) ?? originalError instanceof ResyncError;
  return path || isPublic ? originalError : error;
}

/** The `extensions` of an error: its code, and the details that belong to the code. */
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

/** Apollo replaces the code of a validation rule's error; errors of graphql-js's limits have none. */
function isTooComplex({ message }: GraphQLFormattedError, cause: unknown): boolean {
  if (!(cause instanceof GraphQLError)) return false;
  const { originalError: original = cause } = cause;
  return (
    (original instanceof GraphQLError && original.extensions.code === 'QUERY_TOO_COMPLEX') ||
    OVER_A_LIMIT.test(message)
  );
}
