/**
 * The max gap (seconds) of sensor `s` in force at an instant: a segment is judged by the one in
 * force where it begins. Few sensors ever had another one; for the rest it is a column's value.
 */
export function maxGapAt(instant: string): string {
  return `CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE coalesce(s.earlier_max_gaps[width_bucket(${instant}, s.max_gap_changed_at) + 1], s.max_gap) END`;
}

/** The least max gap (seconds) that sensor `s` ever had. */
export const LEAST_MAX_GAP = `CASE WHEN s.earlier_max_gaps IS NULL THEN s.max_gap
    ELSE least(s.max_gap, (SELECT min(earlier) FROM unnest(s.earlier_max_gaps) AS earlier)) END`;
