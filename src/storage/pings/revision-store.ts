import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { pingRevisionCounts, pingRevisions } from './sql/revisions.js';

/** A correction or deletion as it is stored; instants in milliseconds since 1970, flowrates bbl/d. */
export interface PingRevisionRow {
  readonly id: string;
  readonly sensor_id: number;
  readonly ping_id: string;
  readonly at: number;
  readonly old_flowrate: number;
  /** null where the ping was deleted */
  readonly new_flowrate: number | null;
  readonly revised_at: number;
  readonly revised_by: string;
  readonly reason: string | null;
}

/** The instants of the pings that are asked for, half-open. */
export interface RevisionRange {
  readonly start: Date | undefined;
  readonly end: Date | undefined;
}

/** Reads what corrections and deletions replaced. */
export class PingRevisionStore {
  constructor(private readonly database: Database) {}

  /** Of each sensor the newest `limit` before a revision, newest first. */
  before(
    accountId: number,
    sensorIds: readonly number[],
    range: RevisionRange,
    revision: string | undefined,
    limit: number,
  ): Promise<PingRevisionRow[]> {
    return this.database.reads.query(pingRevisions, [
      accountId,
      sensorIds,
      ...bounds(range),
      revision ?? null,
      limit,
    ]);
  }

  counts(
    accountId: number,
    sensorIds: readonly number[],
    range: RevisionRange,
  ): Promise<{ sensor_id: number; count: number }[]> {
    return this.database.reads.query(pingRevisionCounts, [accountId, sensorIds, ...bounds(range)]);
  }
}

function bounds({ start, end }: RevisionRange): (string | null)[] {
  return [start, end].map((instant) => (instant ? instantParameter(instant) : null));
}
