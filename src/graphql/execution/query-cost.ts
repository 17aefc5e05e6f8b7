import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isCompositeType,
} from 'graphql';
import {
  type ComplexityEstimator,
  fieldExtensionsEstimator,
  getComplexity,
} from 'graphql-query-complexity';
import { tooComplex } from './document-limits.js';
import { haveFewErrors } from './variable-errors.js';

/** The maximum number of objects in one answer, roughly; and of selected fields after fragments are expanded. */
export const MAX_COST = 100_000;
const MAX_SELECTED = 10_000;

const perObject: ComplexityEstimator = ({ field, childComplexity }) =>
  isCompositeType(getNamedType(field.type)) ? 1 + childComplexity : 0;

/**
 * What an operation costs; undefined where its variables are wrong, which execution reports better.
 * @throws GraphQLError QUERY_TOO_COMPLEX
 */
export function queryCost(
  schema: GraphQLSchema,
  query: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
): number | undefined {
  if (!haveFewErrors(schema, query, operationName, variables)) return undefined;
  let cost: number;
  try {
    cost = getComplexity({
      schema,
      query,
      ...(operationName && { operationName }),
      variables: variables ?? {},
      maxQueryNodes: MAX_SELECTED,
      estimators: [fieldExtensionsEstimator(), perObject],
    });
  } catch (error) {
    if (isTooMany(error)) throw tooComplex(`A query may select at most ${MAX_SELECTED} fields.`);
    return undefined;
  }
  return Math.ceil(cost);
}

export function requireAffordable(cost: number | undefined): void {
  if (cost === undefined || cost <= MAX_COST) return;
  throw tooComplex(
    `The query costs ${cost}, about as many objects as its answer may hold; at most ${MAX_COST} are allowed.`,
  );
}

/** Reports the cost of each operation in its answer, and refuses one that costs too much. */
export const costPlugin: ApolloServerPlugin = {
  requestDidStart: () => {
    let cost: number | undefined;
    return Promise.resolve({
      didResolveOperation: ({ schema, document, operationName, request: { variables } }) => {
        cost = queryCost(schema, document, operationName, variables);
        requireAffordable(cost);
        return Promise.resolve();
      },
      willSendResponse: ({ response: { body } }) => {
        if (cost !== undefined && body.kind === 'single') {
          body.singleResult.extensions = { ...body.singleResult.extensions, cost };
        }
        return Promise.resolve();
      },
    });
  },
};

function isTooMany(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.includes('maximum allowed number of nodes');
}
