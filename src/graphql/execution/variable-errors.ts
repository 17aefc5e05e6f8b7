import { type DocumentNode, getOperationAST, getVariableValues, type GraphQLSchema } from 'graphql';

/** How many errors graphql-js reports of one request's variables. */
const MAX_ERRORS = 50;

/**
 * Whether few values of the variables are wrong. Execution stops after 50 errors; the computation of
 * costs would go through all of them, which takes minutes for millions.
 */
export function haveFewErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): boolean {
  const isList = (value: unknown) => typeof value === 'object' && value !== null;
  if (!variables || !Object.values(variables).some(isList)) return true;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: MAX_ERRORS });
  return (errors?.length ?? 0) <= MAX_ERRORS;
}
