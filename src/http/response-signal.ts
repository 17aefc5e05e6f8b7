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
  const { accountId, accountName, actor, scopes } = principal;
  const client = new ResponseSignal(response);
  const address = clientAddress(response.req);
  // One by one: properties added to a copy would take longer than all else here.
  return { accountId, accountName, actor, scopes, client, onlyReads, address };
}

const SAFE_METHODS = new Set<string | undefined>(['GET', 'HEAD']);

/**
 * Aborted once a connection is closed before its response is written; an AbortController costs more
 * than a read.
 */
class ResponseSignal implements ClientSignal {
  /** undefined as long as there was none: most requests that change something have none */
  private listeners: Set<() => void> | undefined;

  constructor(private readonly response: ServerResponse) {}

  get aborted(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners ??= this.listen();
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners?.delete(listener);
  }

  private listen(): Set<() => void> {
    const listeners = new Set<() => void>();
    this.response.once('close', () => {
      if (this.aborted) for (const listener of listeners) listener();
    });
    return listeners;
  }
}
