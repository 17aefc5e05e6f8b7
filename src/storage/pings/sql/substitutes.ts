/**
 * SQL: whether ping `p` of sensor `s` was recorded by a substitution, and its flowrate was not corrected
 * since.
 * @param revisedBy a further condition on the corrections `r`
 */
export function isSubstitute(p: string, revisedBy = ''): string {
  return `EXISTS (SELECT 1 FROM substituted_ping sp
      WHERE sp.sensor_id = s.id AND sp.datetime = ${p}.datetime AND sp.ping_id = ${p}.id)
    AND ${isUncorrected(p, revisedBy)}`;
}

/** SQL: whether the flowrate of ping `p` of sensor `s` was never corrected. */
export function isUncorrected(p: string, revisedBy = ''): string {
  return `NOT EXISTS (SELECT 1 FROM ping_revision r
      WHERE r.sensor_id = s.id AND r.datetime = ${p}.datetime AND r.ping_id = ${p}.id
        AND r.update_type = 'REPLACE' AND r.old_flowrate <> r.new_flowrate ${revisedBy})`;
}
