import type {
  AdjustmentCause,
  AdjustmentStore,
  Changes,
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
    const changes = await this.store.changes(principal, ranges);
    return changes.map((found) => ({
      causes: found ? causesOf(found) : (['LATER_READINGS'] satisfies Cause[]),
      revisions: found?.count ?? 0,
      reasonCodes: found?.codes ?? [],
    }));
  }
}

function causesOf(row: Changes): Cause[] {
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
