import { AsyncLocalStorage } from 'node:async_hooks';

/** Tells when a client has gone. An AbortSignal is one. */
export interface ClientSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The client went away before its statements were answered; no client receives this error. */
export class ClientGoneError extends Error {
  constructor() {
    super('The client has gone.');
  }
}

/** The request that statements run for. */
export interface RequestScope {
  /** shares the connections for reads with other accounts */
  readonly accountId: number;
  /** aborted when the client has gone: what it waits for is cancelled */
  readonly signal: ClientSignal;
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
