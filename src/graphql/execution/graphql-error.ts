import { GraphQLError } from 'graphql';

/** An error with its code, as Apollo reports it; one that has a code of its own keeps it. */
export function withCode(code: string, error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
    originalError: error,
  });
}

export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
