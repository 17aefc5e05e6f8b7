import type { Ping } from './pings.js';
import type { Principal } from '../shared/principal.js';

/** Pings as they are recorded, on any instance. */
export interface PingFeed {
  /**
   * Yields each ping that is newly stored after this resolves, until the iterator is returned.
   * Pings that arrived close together are in the order of their ids.
   *
   * The iteration throws ResyncError where pings may have been missed.
   *
   * @param sensorIds of the account; undefined: all
   * @param onDrop is called where the iteration ends because its reader is too slow
   * @throws ForbiddenError without READ; UnavailableError while the database is away
   */
  subscribe(
    principal: Principal,
    sensorIds: readonly number[] | undefined,
    onDrop?: () => void,
  ): Promise<AsyncIterableIterator<Ping> & { readonly pushed: number }>;

  /**
   * Waits until every subscription has received the pings that this instance acknowledged before.
   * @throws UnavailableError while the database is away
   */
  caughtUp(): Promise<void>;
}

/** The feed may have missed pings: the reader has to read what is stored and subscribe again. */
export class ResyncError extends Error {
  constructor(reason: string) {
    super(`${reason} Read what is stored and subscribe again.`);
  }
}
