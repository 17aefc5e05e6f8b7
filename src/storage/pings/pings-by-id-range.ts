import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { pingOf, type PingRow } from './ping-row.js';
import { pingsByIdRange } from './sql/pings-by-id-range.js';
import type { StoredPing } from './stored-ping.js';

/**
 * Where pings of one sensor that were recorded together lie; instants in milliseconds since 1970.
 */
export interface PingIdRange {
  readonly sensorId: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly leastId: string;
  readonly greatestId: string;
}

/** Finds pings that were recorded together. */
export class PingRangeStore {
  constructor(private readonly database: Database) {}

  async find(
    accountId: number,
    { sensorId, firstAt, lastAt, leastId, greatestId }: PingIdRange,
    limit: number,
  ): Promise<StoredPing[]> {
    const instants = [firstAt, lastAt].map((at) => instantParameter(new Date(at)));
    const values = [accountId, sensorId, ...instants, leastId, greatestId, limit];
    const rows = await this.database.query<PingRow>(pingsByIdRange, values);
    return rows.map(pingOf);
  }
}
