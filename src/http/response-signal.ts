import type { ServerResponse } from 'node:http';
import { clientAddress } from './client-address.js';
import type { Principal } from '../domain/shared/principal.js';
import type { ClientSignal } from '../storage/postgres/reader.js';

/**
 * The principal of a request, for what is done on its behalf: its reads take the account's share of
 * the database's connections, and they are cancelled when the client goes away before it has its
 * response.
 * @param onlyReads whether the request changes nothing; by its method unless given
 */
export function onBehalfOf(
  principal: Principal,
  response: ServerResponse,
  onlyReads = SAFE_METHODS.has(response.req.method),
): Principal {
  const client = new ResponseSignal(response);
  return { ...principal, client, onlyReads, address: clientAddress(response.req) };
}

const SAFE_METHODS = new Set<string | undefined>(['GET', 'HEAD']);

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
