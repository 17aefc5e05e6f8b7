import type { Ping } from './pings.js';
import type { Principal } from '../shared/principal.js';

/** Pings as they are recorded, by whichever instance. */
export interface PingFeed {
  /**
   * Each ping that is newly stored from when this resolves on, until it is returned. Pings that came in
   * close together are in the order of their ids.
   *
   * The iteration throws ResyncError where pings may have been missed.
   *
   * @param sensorIds of the account; undefined: all
   * @param onDrop called where the iteration ends because its reader is too slow
   * @throws ForbiddenError without READ; UnavailableError while the database is away
   */
  subscribe(
    principal: Principal,
    sensorIds: readonly number[] | undefined,
    onDrop?: () => void,
  ): Promise<AsyncIterableIterator<Ping>>;
}

/** What was followed can no longer be: the reader has to look at what is stored, and follow anew. */
export class ResyncError extends Error {
  constructor(reason: string) {
    super(`${reason} Read what is stored and subscribe again.`);
  }
}
