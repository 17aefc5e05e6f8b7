import type {
  AdjustmentCause,
  AdjustmentStore,
  ChangesRow,
  RangeSince,
} from '../../storage/periods/adjustment-store.js';
import type { Principal } from '../shared/principal.js';

export const ADJUSTMENT_CAUSES = [
  ...(['LATE_READINGS', 'CORRECTIONS', 'DELETIONS', 'QUALITY', 'SUBSTITUTION'] as const),
  ...(['MAX_GAP', 'METHOD', 'METER_FACTOR', 'LATER_READINGS'] as const),
] as const;
type Cause = (typeof ADJUSTMENT_CAUSES)[number];

/** Finds out why figures have changed. */
export class AdjustmentCauses {
  constructor(private readonly store: Pick<AdjustmentStore, 'changes'>) {}

  /** Of each range, in their order. */
  async of(principal: Principal, ranges: readonly RangeSince[]): Promise<AdjustmentCause[]> {
    if (ranges.length === 0) return [];
    const rows = await this.store.changes(principal, ranges);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return ranges.map((_, index) => {
      const row = byPlace.get(index + 1);
      return {
        causes: row ? causesOf(row) : (['LATER_READINGS'] satisfies Cause[]),
        revisions: row?.count ?? 0,
        reasonCodes: row?.codes ?? [],
      };
    });
  }
}

function causesOf(row: ChangesRow): Cause[] {
  const found: Readonly<Record<Exclude<Cause, 'LATER_READINGS'>, boolean>> = {
    LATE_READINGS: row.inserted,
    CORRECTIONS: row.corrected,
    DELETIONS: row.deleted,
    QUALITY: row.requalified,
    SUBSTITUTION: row.substituted,
    MAX_GAP: row.settings.includes('MAX_GAP'),
    METHOD: row.settings.includes('METHOD'),
    METER_FACTOR: row.settings.includes('METER_FACTOR'),
  };
  const causes = ADJUSTMENT_CAUSES.filter((cause) => cause !== 'LATER_READINGS' && found[cause]);
  return causes.length > 0 ? causes : ['LATER_READINGS'];
}
