import type { ServerResponse } from 'node:http';
import type { Principal } from '../domain/shared/principal.js';
import { runInRequest } from '../storage/postgres/request-scope.js';

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
  const client = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) client.abort();
  });
  return runForAccount(accountId, client.signal, work);
}

/**
 * The same for what outlives a request, such as a WebSocket or a subscription, until the signal is
 * aborted.
 */
export function runForAccount<T>(accountId: number, signal: AbortSignal, work: () => T): T {
  return runInRequest({ accountId, signal }, work);
}
