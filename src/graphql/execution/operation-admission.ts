import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RequestLimiter } from '../../domain/auth/request-limiter.js';
import type { Sensors } from '../../domain/sensors/sensors.js';
import {
  asDomainError,
  InvalidInputError,
  RateLimitedError,
  UnavailableError,
  type DomainError,
} from '../../domain/shared/errors.js';
import type { Principal } from '../../domain/shared/principal.js';
import { turnsOf } from '../../domain/shared/time-slices.js';
import type { GraphQLContext } from './context.js';
import { isLongDocument } from './documents.js';
import type { LargeOperations } from './large-operations.js';
import { MAX_COST, type Operation, queryCost, requireAffordable } from './query-cost.js';
import { STATUS } from './refuse-request.js';
import { requireBoundedVariables, withoutLongLists } from './request-bounds.js';

const MAX_ACCOUNTS = 1000;
const SENSOR_COUNT_AGE_MS = 10_000;
/** What finding out takes that an operation is too complex, or its variables wrong. */
const REFUSED_COST = 1000;

export interface OperationAdmissionDeps {
  readonly schema: GraphQLSchema;
  readonly sensors: Pick<Sensors, 'count'>;
  /** of costs a minute */
  readonly costLimiter: Pick<RequestLimiter, 'take'>;
  readonly maxPings: number;
}

/**
 * Decides before an operation is executed whether it may be: by the size of its variables and by
 * its cost.
 */
export class OperationAdmission {
  private readonly sensorCounts = new LRUCache<number, number>({
    max: MAX_ACCOUNTS,
    ttl: SENSOR_COUNT_AGE_MS,
  });

  constructor(private readonly deps: OperationAdmissionDeps) {}

  /**
   * @returns what the operation costs; undefined where execution will report an error instead
   * @throws InvalidInputError where variables exceed a bound; GraphQLError QUERY_TOO_COMPLEX;
   * RateLimitedError
   */
  async costOf(principal: Principal, operation: Operation): Promise<number | undefined> {
    try {
      return await this.compute(principal, operation);
    } catch (error) {
      const isRefusal = error instanceof InvalidInputError || error instanceof GraphQLError;
      if (isRefusal) await this.deps.costLimiter.take(principal, REFUSED_COST);
      throw error;
    }
  }

  private async compute(principal: Principal, operation: Operation): Promise<number | undefined> {
    const { schema, sensors, maxPings } = this.deps;
    const { document, operationName, variables } = operation;
    const definition = getOperationAST(document, operationName);
    if (!definition) return undefined;
    requireBoundedVariables(definition, variables, maxPings);
    // Many requests with the same document go on at the moment when it is checked.
    const turns = turnsOf(principal.accountId);
    if (isLongDocument(document.loc?.end ?? 0) && turns.isOver) await turns.next();
    const costed = { document, operationName, variables: withoutLongLists(variables) };
    const known = this.sensorCounts.get(principal.accountId);
    const needed = { isMissing: false };
    const cost = queryCost(schema, costed, () => {
      needed.isMissing = known === undefined;
      return known ?? 0;
    });
    if (!needed.isMissing) return cost;
    const count = await sensors.count(principal, {});
    this.sensorCounts.set(principal.accountId, count);
    return queryCost(schema, costed, () => count);
  }

  /**
   * @param cost undefined where execution will report an error
   * @throws GraphQLError QUERY_TOO_COMPLEX; RateLimitedError where the credential's costs exceed
   * the limit
   */
  async charge(principal: Principal, cost: number | undefined): Promise<void> {
    const isRefused = cost === undefined || cost > MAX_COST;
    await this.deps.costLimiter.take(principal, isRefused ? REFUSED_COST : cost);
    requireAffordable(cost);
  }
}

/** Reports the cost of each operation in its answer, and refuses one that may not be executed. */
export function admissionPlugin(
  admission: OperationAdmission,
  large: LargeOperations,
): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: () => {
      let cost: number | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ document, operationName, request, contextValue }) => {
          const { principal } = contextValue;
          const { variables } = request;
          try {
            cost = await admission.costOf(principal, { document, operationName, variables });
            await admission.charge(principal, cost);
            contextValue.execution.parts = large.partsFor(principal, cost);
          } catch (error) {
            const refusal = asDomainError(error);
            throw refusal ? withHttpStatus(refusal) : error;
          }
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
}

/** Apollo takes the status and the headers of an answer from its errors. */
function withHttpStatus(error: DomainError): GraphQLError {
  const waits = error instanceof RateLimitedError || error instanceof UnavailableError;
  const headers = new HeaderMap(waits ? [['retry-after', String(error.retryAfterSeconds)]] : []);
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: STATUS[error.code] ?? 400, headers } },
  });
}
