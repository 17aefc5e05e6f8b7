import type { IncomingMessage } from 'node:http';
import { turnsOf } from '../domain/shared/time-slices.js';

const dropped = new WeakSet<IncomingMessage>();

/**
 * Reads what is left of a request that nobody else reads, and drops it: some in each turn, because
 * a stream that flows reads megabytes of each connection in one iteration of the event loop.
 */
export function dropBody(request: IncomingMessage): void {
  if (dropped.has(request)) return;
  dropped.add(request);
  // A client that goes away in the middle breaks its own request only.
  drop(request).catch(() => undefined);
}

async function drop(request: IncomingMessage): Promise<void> {
  const turns = turnsOf(request.socket.remoteAddress ?? '');
  const parts = request.iterator({ destroyOnReturn: false });
  while (!(await parts.next()).done) await turns.next();
}
