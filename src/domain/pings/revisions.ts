import type {
  HistoryUpdateType,
  PingRevisionRow,
  PingRevisionStore,
  RevisionRange,
  RevisionWindow,
} from '../../storage/pings/revision-store.js';
import { requireScope, type Principal } from '../shared/principal.js';

export type { RevisionRange, RevisionWindow } from '../../storage/pings/revision-store.js';

/**
 * A late insertion, a correction or a deletion of a ping: its flowrates in bbl/d before and after,
 * and who made it.
 */
export interface PingRevision {
  readonly id: string;
  readonly updateType: HistoryUpdateType;
  readonly pingId: string;
  readonly datetime: Date;
  /** null where the ping was inserted */
  readonly oldFlowrate: number | null;
  /** null where the ping was deleted */
  readonly newFlowrate: number | null;
  readonly revisedAt: Date;
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly revisedBy: string;
  readonly reasonCode: string | null;
  readonly comment: string | null;
}

/** The history of late, corrected and deleted pings, which is never changed. */
export class PingRevisions {
  constructor(private readonly store: PingRevisionStore) {}

  /** A window of each sensor's revisions, newest first, and whether there are more beyond it. */
  async windows(
    principal: Principal,
    sensorIds: readonly number[],
    range: RevisionRange,
    window: RevisionWindow,
  ): Promise<Map<number, { revisions: PingRevision[]; more: boolean }>> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const rows = await this.store.window(principal, sensorIds, range, {
      ...window,
      take: take + 1,
    });
    const windows = new Map(
      sensorIds.map((id) => [id, { revisions: [] as PingRevision[], more: false }]),
    );
    for (const row of rows) {
      const found = windows.get(row.sensor_id);
      if (!found) continue;
      if (found.revisions.length < take) found.revisions.push(revisionOf(row));
      else found.more = true;
    }
    if (from === 'last') for (const { revisions } of windows.values()) revisions.reverse();
    return windows;
  }

  async counts(
    principal: Principal,
    sensorIds: readonly number[],
    range: RevisionRange,
  ): Promise<Map<number, number>> {
    requireScope(principal, 'READ');
    const rows = await this.store.counts(principal, sensorIds, range);
    return new Map(rows.map(({ sensor_id, count }) => [sensor_id, count]));
  }
}

function revisionOf(row: PingRevisionRow): PingRevision {
  return {
    id: row.id,
    updateType: row.update_type,
    pingId: row.ping_id,
    datetime: new Date(row.at),
    oldFlowrate: row.old_flowrate,
    newFlowrate: row.new_flowrate,
    revisedAt: new Date(row.revised_at),
    revisedBy: row.revised_by,
    reasonCode: row.reason_code,
    comment: row.comment,
  };
}
