import { type DocumentNode, getOperationAST, getVariableValues, type GraphQLSchema } from 'graphql';

const FEW = 50;

/**
 * Whether so few values of the variables are wrong that each may be looked at. Execution tells the first 50; what
 * reckons costs looks at all, which would take minutes for millions.
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
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: FEW });
  return (errors?.length ?? 0) <= FEW;
}
