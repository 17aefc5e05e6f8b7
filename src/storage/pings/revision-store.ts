import type { Reader } from '../postgres/reader.js';
import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { pingRevisionCounts, pingRevisions } from './sql/revisions.js';

/** What a revision does, as OPC UA Part 11 calls it. */
export type HistoryUpdateType = 'INSERT' | 'REPLACE' | 'DELETE';

/**
 * A late insertion, a correction or a deletion as it is stored; instants in milliseconds since 1970, flowrates bbl/d.
 */
export interface PingRevisionRow {
  readonly id: string;
  readonly sensor_id: number;
  readonly update_type: HistoryUpdateType;
  readonly ping_id: string;
  readonly at: number;
  /** null where the ping was inserted */
  readonly old_flowrate: number | null;
  /** null where the ping was deleted */
  readonly new_flowrate: number | null;
  /** severities; null: good, or as the flowrate */
  readonly old_quality: number | null;
  readonly new_quality: number | null;
  /** bbl; null where there is none, and of corrections that leave it as it is */
  readonly old_totalizer: number | null;
  readonly new_totalizer: number | null;
  readonly revised_at: number;
  readonly revised_by: string;
  readonly reason_code: string | null;
  readonly comment: string | null;
}

/** The instants of the pings that are asked for, half-open. */
export interface RevisionRange {
  readonly start: Date | undefined;
  readonly end: Date | undefined;
}

/**
 * Revisions in a row, newest first: from the first or the last of those between two of them, both
 * exclusive.
 */
export interface RevisionWindow {
  /** newer than all of them */
  readonly after?: string | undefined;
  /** older than all of them */
  readonly before?: string | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** Reads the history of late insertions, corrections and deletions. */
export class PingRevisionStore {
  constructor(private readonly database: Database) {}

  /** Of each sensor up to `window.take` revisions, from the newest or from the oldest one on. */
  window(
    reader: Reader,
    sensorIds: readonly number[],
    range: RevisionRange,
    { after, before, take, from }: RevisionWindow,
  ): Promise<PingRevisionRow[]> {
    const statement = pingRevisions[from === 'first' ? 'DESC' : 'ASC'];
    return this.database.reads.query(reader, statement, [
      reader.accountId,
      sensorIds,
      ...bounds(range),
      after ?? null,
      before ?? null,
      take,
    ]);
  }

  counts(
    reader: Reader,
    sensorIds: readonly number[],
    range: RevisionRange,
  ): Promise<{ sensor_id: number; count: number }[]> {
    return this.database.reads.query(reader, pingRevisionCounts, [
      reader.accountId,
      sensorIds,
      ...bounds(range),
    ]);
  }
}

function bounds({ start, end }: RevisionRange): (string | null)[] {
  return [start, end].map((instant) => (instant ? instantParameter(instant) : null));
}
