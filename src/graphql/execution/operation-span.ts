import { getOperationAST, type DocumentNode } from 'graphql';
import type { SpanDetails } from '../../tracing/tracing.js';

const MAX_NAME_LENGTH = 100;

/** Traces an operation by its type and name: neither its text nor its variables. */
export function operationSpan(
  document: DocumentNode,
  operationName: string | null | undefined,
): SpanDetails {
  const { operation = 'query', name } = getOperationAST(document, operationName) ?? {};
  return {
    name: `GraphQL ${operation}`,
    attributes: {
      'graphql.operation.type': operation,
      ...(name && { 'graphql.operation.name': name.value.slice(0, MAX_NAME_LENGTH) }),
    },
  };
}
