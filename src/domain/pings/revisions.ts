import type {
  HistoryUpdateType,
  PingRevisionRow,
  PingRevisionStore,
  RevisionRange,
  RevisionWindow,
} from '../../storage/pings/revision-store.js';
import { qualityOf, type Quality } from '../../storage/pings/quality.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { windowsOf, type Window } from '../shared/windows.js';

export type { RevisionRange, RevisionWindow } from '../../storage/pings/revision-store.js';

/**
 * A late insertion, a correction or a deletion of a ping: its flowrates in bbl/d and qualities before and after,
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
  /** null as the flowrates are */
  readonly oldQuality: Quality | null;
  readonly newQuality: Quality | null;
  /** bbl; null where there is none, and of corrections that leave it as it is */
  readonly oldTotalizer: number | null;
  readonly newTotalizer: number | null;
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
  ): Promise<Map<number, Window<PingRevision>>> {
    requireScope(principal, 'READ');
    const rows = await this.store.window(principal, sensorIds, range, {
      ...window,
      take: window.take + 1,
    });
    return windowsOf(sensorIds, rows, window, (row) => row.sensor_id, revisionOf);
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

export function revisionOf(row: PingRevisionRow): PingRevision {
  return {
    id: row.id,
    updateType: row.update_type,
    pingId: row.ping_id,
    datetime: new Date(row.at),
    oldFlowrate: row.old_flowrate,
    newFlowrate: row.new_flowrate,
    oldQuality: row.old_flowrate === null ? null : qualityOf(row.old_quality),
    newQuality: row.new_flowrate === null ? null : qualityOf(row.new_quality),
    oldTotalizer: row.old_totalizer,
    newTotalizer: row.new_totalizer,
    revisedAt: new Date(row.revised_at),
    revisedBy: row.revised_by,
    reasonCode: row.reason_code,
    comment: row.comment,
  };
}
