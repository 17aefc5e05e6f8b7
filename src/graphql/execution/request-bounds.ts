import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { InvalidInputError } from '../../domain/shared/errors.js';
import { tooComplex } from './document-limits.js';
import { argumentPath } from './input-error-path.js';

/** The maximum size of a document in bytes of UTF-8, without its variables. */
export const MAX_DOCUMENT_BYTES = 100_000;
/** The maximum length of a string in variables: more than any argument's own rule allows. */
export const MAX_STRING_LENGTH = 4096;
/** The maximum number of list elements and object fields in variables. */
export const MAX_VALUES = 20_000;
const MAX_DEPTH = 20;
// A ping and its five fields.
const VALUES_PER_PING = 6;

type Variables = Readonly<Record<string, unknown>>;

/** The maximum number of elements and fields in a request's body: of a document and its variables. */
export function maxBodyValues(maxPings: number): number {
  return MAX_DOCUMENT_BYTES + MAX_VALUES + maxPings * VALUES_PER_PING;
}

/** @throws GraphQLError QUERY_TOO_COMPLEX */
export function requireBoundedDocument(query: string): void {
  const bytes = Buffer.byteLength(query);
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw tooComplex(
    `A document may have at most ${MAX_DOCUMENT_BYTES} bytes, not ${bytes}. Pass long values as variables.`,
  );
}

/**
 * Checks the size of variables before anything is done with them, which takes longer than reading
 * them: they are coerced to their types more than once. Only `recordPings` takes many values.
 * @throws InvalidInputError naming the argument
 */
export function requireBoundedVariables(
  operation: OperationDefinitionNode,
  variables: Variables | null | undefined,
  maxPings: number,
): void {
  if (!variables) return;
  const maximum = MAX_VALUES + (recordsPings(operation) ? maxPings * VALUES_PER_PING : 0);
  const bounds = new VariableBounds(maximum);
  for (const [name, value] of Object.entries(variables)) {
    const error = bounds.errorIn(value, 0);
    if (!error) continue;
    const source = operation.loc?.source.body ?? '';
    const path = argumentPath(source, name, error.path.reverse());
    throw new InvalidInputError([
      { path: path.length > 0 ? path : [name], message: error.message },
    ]);
  }
}

/**
 * Variables with lists emptied that are too long to be coerced only for a cost, which they do not
 * change.
 */
export function withoutLongLists(variables: Variables | null | undefined): Variables {
  return Object.fromEntries(
    Object.entries(variables ?? {}).map(([name, value]) => [name, shorten(value)]),
  );
}

function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > MAX_VALUES ? [] : (value as unknown[]);
  return typeof value === 'object' && value ? withoutLongLists(value as Variables) : value;
}

interface BoundError {
  readonly message: string;
  /** from the value up to the variable */
  readonly path: string[];
}

class VariableBounds {
  private count = 0;

  constructor(private readonly maximum: number) {}

  errorIn(value: unknown, depth: number): BoundError | undefined {
    if (typeof value === 'string' && value.length > MAX_STRING_LENGTH) {
      return errorOf(`Must be at most ${MAX_STRING_LENGTH} characters long, not ${value.length}.`);
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth >= MAX_DEPTH) return errorOf(`Must be nested at most ${MAX_DEPTH} levels deep.`);
    // Of a list the keys are its indexes, but an array of millions of strings is not made of them.
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    this.count += Array.isArray(value) ? value.length : (keys as string[]).length;
    if (this.count > this.maximum) {
      return errorOf(
        `Variables may hold at most ${this.maximum} list elements and fields in all; this one goes beyond.`,
      );
    }
    for (const key of keys) {
      const error = this.errorIn((value as Record<string | number, unknown>)[key], depth + 1);
      if (!error) continue;
      error.path.push(String(key));
      return error;
    }
    return undefined;
  }
}

function errorOf(message: string): BoundError {
  return { message, path: [] };
}

/** Whether a mutation selects `recordPings`; a fragment may. */
function recordsPings({ operation, selectionSet }: OperationDefinitionNode): boolean {
  return (
    operation === OperationTypeNode.MUTATION &&
    selectionSet.selections.some(
      (selection) => selection.kind !== Kind.FIELD || selection.name.value === 'recordPings',
    )
  );
}
