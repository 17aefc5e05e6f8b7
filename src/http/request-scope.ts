import type { ServerResponse } from 'node:http';
import type { Principal } from '../domain/shared/principal.js';
import { runInRequest, type ClientSignal } from '../storage/postgres/request-scope.js';

/**
 * Runs `work` on behalf of an authenticated request: its reads take the account's share of the
 * database's connections, and they are cancelled when the client goes away before it has its
 * response.
 */
export function runForClient<T>(
  response: ServerResponse,
  { accountId }: Principal,
  work: () => T,
): T {
  return runForAccount(accountId, new ResponseSignal(response), work);
}

/**
 * The same for what outlives a request, such as a WebSocket or a subscription, until the signal is
 * aborted.
 */
export function runForAccount<T>(accountId: number, signal: ClientSignal, work: () => T): T {
  return runInRequest({ accountId, signal }, work);
}

/**
 * Aborted once a connection is closed before its response is written; an AbortController costs more
 * than a read.
 */
class ResponseSignal implements ClientSignal {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => {
      if (this.aborted) for (const listener of this.listeners) listener();
    });
  }

  get aborted(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }
}
