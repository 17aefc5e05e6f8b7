import type {
  PingRevisionRow,
  PingRevisionStore,
  RevisionRange,
} from '../../storage/pings/revision-store.js';
import { requireScope, type Principal } from '../shared/principal.js';

export type { RevisionRange } from '../../storage/pings/revision-store.js';

/** What a correction or a deletion replaced, and who made it; bbl/d. */
export interface PingRevision {
  readonly id: string;
  readonly pingId: string;
  readonly datetime: Date;
  readonly oldFlowrate: number;
  /** null where the ping was deleted */
  readonly newFlowrate: number | null;
  readonly revisedAt: Date;
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly revisedBy: string;
  readonly reason: string | null;
}

/** The history of corrected and deleted pings, which nothing ever changes. */
export class PingRevisions {
  constructor(private readonly store: PingRevisionStore) {}

  /**
   * Of each sensor the newest `take` revisions, newest first, and whether there are more.
   *
   * @param before the revision that the page follows
   */
  async page(
    principal: Principal,
    sensorIds: readonly number[],
    range: RevisionRange,
    before: string | undefined,
    take: number,
  ): Promise<Map<number, { revisions: PingRevision[]; more: boolean }>> {
    requireScope(principal, 'READ');
    const rows = await this.store.before(principal.accountId, sensorIds, range, before, take + 1);
    const pages = new Map(
      sensorIds.map((id) => [id, { revisions: [] as PingRevision[], more: false }]),
    );
    for (const row of rows) {
      const page = pages.get(row.sensor_id);
      if (!page) continue;
      if (page.revisions.length < take) page.revisions.push(revisionOf(row));
      else page.more = true;
    }
    return pages;
  }

  async counts(
    principal: Principal,
    sensorIds: readonly number[],
    range: RevisionRange,
  ): Promise<Map<number, number>> {
    requireScope(principal, 'READ');
    const rows = await this.store.counts(principal.accountId, sensorIds, range);
    return new Map(rows.map(({ sensor_id, count }) => [sensor_id, count]));
  }
}

function revisionOf(row: PingRevisionRow): PingRevision {
  return {
    id: row.id,
    pingId: row.ping_id,
    datetime: new Date(row.at),
    oldFlowrate: row.old_flowrate,
    newFlowrate: row.new_flowrate,
    revisedAt: new Date(row.revised_at),
    revisedBy: row.revised_by,
    reason: row.reason,
  };
}
