import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { inSpan } from '../../tracing/tracing.js';
import { operationSpan } from './operation-span.js';
import type { Authenticator } from '../../domain/auth/authenticator.js';
import type { Principal } from '../../domain/shared/principal.js';
import type { RequestLimiter } from '../../domain/auth/request-limiter.js';
import { createContext, type Domain, type GraphQLContext, type Stream } from './context.js';
import { tooComplex } from './document-limits.js';
import type { Documents } from './documents.js';
import { asGraphQLError, withCode } from './graphql-error.js';
import type { OperationAdmission } from './operation-admission.js';
import type { ReportError } from './errors.js';
import type { LargeOperations } from './large-operations.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { Subscriptions } from '../subscriptions/subscriptions.js';
import type { SubscriptionGate } from '../subscriptions/subscription-limits.js';

/** The results of streams are written at once, not in parts. */
const MAX_COST = 20_000;

export interface OperationsDeps {
  readonly schema: GraphQLSchema;
  readonly services: Domain;
  readonly authenticator: Pick<Authenticator, 'renew' | 'watch'>;
  readonly limiter: Pick<RequestLimiter, 'take'>;
  readonly documents: Documents;
  readonly admission: OperationAdmission;
  readonly large: LargeOperations;
  readonly subscriptionGate: SubscriptionGate;
  readonly report: ReportError;
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/** An operation as a client sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * Prepares operations over WebSocket and server-sent events, as Apollo does those over plain HTTP.
 */
export class Operations {
  private readonly subscriptions: Subscriptions;

  constructor(readonly deps: OperationsDeps) {
    const { subscriptionGate, services } = deps;
    this.subscriptions = new Subscriptions({
      feed: services.feed,
      subscriptionGate,
      format: (result) => this.formatResult(result),
    });
  }

  /** how many subscriptions are open on this instance */
  get subscriptionCount(): number {
    return this.subscriptions.count;
  }

  /**
   * @param prepared a subscription
   * @throws TooManySubscriptionsError
   */
  subscribe(prepared: ExecutionArgs): Promise<Subscription | ExecutionResult> {
    return this.subscriptions.subscribe(prepared);
  }

  /**
   * For an operation on a connection that was authenticated earlier: the credential is checked
   * again, and the operation counts against the rate limit as a request does.
   * @param address the client's IP address
   * @returns as `prepare`
   */
  async prepareNext(
    principal: Principal,
    request: OperationRequest,
    stream: Stream & { signal: AbortSignal },
    address: string | undefined,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { authenticator, limiter } = this.deps;
    try {
      const renewed = await authenticator.renew(principal);
      await limiter.take(renewed);
      const reader = { ...renewed, client: stream.signal, ...(address && { address }) };
      return await this.prepare(reader, request, stream);
    } catch (error) {
      return [asGraphQLError(error)];
    }
  }

  /** @returns the arguments for graphql-js, or the errors for which the operation is refused */
  async prepare(
    principal: Principal,
    { query, operationName, variables }: OperationRequest,
    stream: Stream,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { schema, services, documents, admission, large } = this.deps;
    try {
      const checked = await documents.check(principal, query);
      if ('errors' in checked) return checked.errors;
      const { document } = checked;
      const operation = getOperationAST(document, operationName);
      if (!operation) {
        const message = operationName
          ? `Unknown operation named "${operationName}".`
          : 'Must provide operation name if query contains multiple operations.';
        return [withCode('OPERATION_RESOLUTION_FAILURE', new GraphQLError(message))];
      }
      const cost = await admission.costOf(principal, { document, operationName, variables });
      requireStreamable(cost);
      await admission.charge(principal, cost);
      const onlyReads = operation.operation === OperationTypeNode.QUERY;
      const contextValue = createContext({ ...principal, onlyReads }, services, stream);
      contextValue.execution.parts = large.partsFor(principal, cost);
      return {
        schema,
        document,
        operationName: operationName ?? null,
        variableValues: declaredVariables(operation, variables),
        contextValue,
      };
    } catch (error) {
      return [asGraphQLError(error)];
    }
  }

  /** @param prepared a query or a mutation */
  async execute(prepared: ExecutionArgs): Promise<ExecutionResult> {
    const context = prepared.contextValue as GraphQLContext;
    return inSpan(
      () => operationSpan(prepared.document, prepared.operationName),
      () => this.deps.large.execute(context, async () => execute(prepared)),
    );
  }

  /** A result as the client gets it; one that already is so stays as it is. */
  formatResult({ errors, ...rest }: ExecutionResult): ExecutionResult {
    if (!errors) return rest;
    const formatted = errors.map((error) =>
      error instanceof GraphQLError ? this.formatError(error) : error,
    );
    return { ...rest, errors: formatted as GraphQLError[] };
  }

  /** An error as the client gets it. */
  formatError(error: unknown): GraphQLFormattedError {
    const { deps } = this;
    const graphQLError = asGraphQLError(error);
    return deps.format(graphQLError.toJSON(), graphQLError);
  }
}

/** Those that the operation uses: a subscription keeps its variables for as long as it is open. */
function declaredVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown> | null | undefined,
): Record<string, unknown> {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  const given = names.filter((name) => variables && Object.hasOwn(variables, name));
  return Object.fromEntries(given.map((name) => [name, variables?.[name]]));
}

function requireStreamable(cost: number | undefined): void {
  if (cost === undefined || cost <= MAX_COST) return;
  throw tooComplex(
    `Over a WebSocket or as an event stream an operation may cost at most ${MAX_COST}, not ${cost}. POST it for a response of JSON, which may cost more.`,
  );
}
