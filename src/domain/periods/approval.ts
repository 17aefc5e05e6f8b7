import type { ClosedRange } from '../../storage/periods/period-store.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';

export const APPROVALS = ['PROVISIONAL', 'APPROVED'] as const;
export type Approval = (typeof APPROVALS)[number];

/**
 * Whether a range lies wholly in closed periods of a sensor, which may adjoin.
 * @param closed of the sensor, by start
 * @param asOf what was closed at that instant; undefined: now
 */
export function approvalOf(
  { start, end }: TimeRange,
  closed: readonly ClosedRange[],
  asOf: Date | undefined,
): Approval {
  let approvedTo = start;
  for (const each of closed) {
    if (!stands(each, asOf) || each.start > approvedTo || each.end <= approvedTo) continue;
    approvedTo = each.end;
    if (approvedTo >= end) return 'APPROVED';
  }
  return 'PROVISIONAL';
}

function stands({ closedAt, reopenedAt }: ClosedRange, asOf: Date | undefined): boolean {
  if (!asOf) return reopenedAt === null;
  return closedAt <= asOf && (reopenedAt === null || reopenedAt > asOf);
}
