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

const PARSE_FAILED = 'GRAPHQL_PARSE_FAILED';
// Codes of errors that Apollo and graphql-js report about a request; they reveal nothing internal.
const SAFE_CODES = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  PARSE_FAILED,
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COMPLEX',
  'RATE_LIMITED',
]);

// graphql-js's limits of tokens, and of fields of one name that it compares with each other.
const OVER_A_LIMIT = /Document contains more that \d+ tokens|^Validation aborted\.$/;
// What V8 says where the parser calls itself too often.
const TOO_DEEP = /Maximum call stack size exceeded/;
// After 50 errors in variables, graphql-js adds this one.
const MORE_ERRORS = /^Too many errors processing variables/;
// Messages repeat the wrong value, which may be long.
const MAX_MESSAGE = 500;
const MESSAGE_END = 100;

/** Formats an error with its code and details; a failure of the server is masked and reported. */
export function errorFormatter(report: ReportError) {
  const format = detailsOf(report);
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { message, ...rest } = format(formatted, error);
    return { message: shortened(message), ...rest };
  };
}

function detailsOf(report: ReportError) {
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
    if (TOO_DEEP.test(formatted.message) && formatted.extensions?.code === PARSE_FAILED) {
      const message = 'The document is nested too deeply.';
      return { ...formatted, message, extensions: { code: 'QUERY_TOO_COMPLEX' } };
    }
    if (MORE_ERRORS.test(formatted.message)) {
      return { ...formatted, extensions: { code: 'BAD_USER_INPUT' } };
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
        faults: error.errors.map(({ path, message }) => ({
          field: path.join('.'),
          message: shortened(message),
        })),
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

function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  return `${message.slice(0, MAX_MESSAGE - MESSAGE_END - 1)}…${message.slice(-MESSAGE_END)}`;
}

function conflictOf({ index, sensorId, datetime, flowrate }: ConflictError['conflicts'][number]) {
  return { index, sensorId: String(sensorId), datetime: formatInstant(datetime), flowrate };
}

/**
 * Apollo replaces the code of a validation rule's error; errors of graphql-js's limits have none.
 */
function isTooComplex({ message }: GraphQLFormattedError, cause: unknown): boolean {
  if (!(cause instanceof GraphQLError)) return false;
  const { originalError: original = cause } = cause;
  return (
    (original instanceof GraphQLError && original.extensions.code === 'QUERY_TOO_COMPLEX') ||
    OVER_A_LIMIT.test(message)
  );
}
