import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that statements run for. */
export interface RequestScope {
  /** shares the connections for reads with other accounts */
  readonly accountId: number;
  /** aborted when the client has gone: what it waits for is cancelled */
  readonly signal: AbortSignal;
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** Runs `work`, whose reads are then of that request. */
export function runInRequest<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** Undefined outside of requests: in commands and in the background. */
export function currentRequest(): RequestScope | undefined {
  return scopes.getStore();
}
