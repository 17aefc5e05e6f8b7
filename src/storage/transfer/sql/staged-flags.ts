import type { Statement } from '../../postgres/database.js';
import { findingsOf } from '../../pings/sql/check-pings.js';

// Of a transaction's pings, new ones were recorded at its instant, and corrected ones have a revision
// of it. A correction whose quality is in the file is a decision, which is not checked; another
// totalizer alone is nothing to check.
const STAGED = `(
        SELECT p.sensor_id, p.datetime, r.old_flowrate AS replaced
        FROM (SELECT sensor_id, datetime, max(quality) AS quality FROM staged_ping GROUP BY 1, 2) AS g
        JOIN ping p ON p.sensor_id = g.sensor_id AND p.datetime = g.datetime
        LEFT JOIN ping_revision r ON r.sensor_id = p.sensor_id AND r.datetime = p.datetime
          AND r.update_type = 'REPLACE' AND r.revised_at = $1::timestamptz
        WHERE p.recorded_at = $1::timestamptz
          OR (r.id IS NOT NULL AND g.quality IS NULL AND r.old_flowrate <> r.new_flowrate)
      ) AS k`;

/**
 * Flags those of the transaction's pings that fail checks, and makes them uncertain, in the history
 * too. $1 timestamptz when they are recorded
 */
export const flagStaged: Statement = {
  name: 'flag_staged',
  text: `
    WITH failing AS MATERIALIZED (${findingsOf(STAGED)}),
    marked AS (
      UPDATE ping p SET quality = 64 FROM failing f
      WHERE p.sensor_id = f.sensor_id AND p.datetime = f.datetime
    ),
    revised AS (
      UPDATE ping_revision r SET new_quality = 64 FROM failing f
      WHERE r.sensor_id = f.sensor_id AND r.datetime = f.datetime AND r.revised_at = $1::timestamptz
    )
    INSERT INTO ping_flag (sensor_id, datetime, ping_id, flowrate, findings, flagged_at)
    SELECT sensor_id, datetime, id, flowrate, to_jsonb(findings), $1::timestamptz FROM failing
    ORDER BY sensor_id, datetime`,
};

/** Resolves the open flags of pings that were corrected. $1 timestamptz when, $2 int[] sensor ids */
export const resolveStaged: Statement = {
  name: 'resolve_staged_flags',
  text: `
    UPDATE ping_flag f SET resolved_by = r.revised_by, comment = r.reason, resolved_at = r.revised_at,
      status = CASE WHEN r.new_quality IS NULL AND r.old_flowrate = r.new_flowrate
        THEN 'ACCEPTED' ELSE 'REJECTED' END::ping_flag_status
    FROM ping_revision r
    WHERE f.sensor_id = ANY($2::int[]) AND f.status = 'OPEN'
      AND r.sensor_id = f.sensor_id AND r.datetime = f.datetime AND r.ping_id = f.ping_id
      AND r.update_type = 'REPLACE' AND r.revised_at = $1::timestamptz
      AND (r.new_quality IS DISTINCT FROM 64 OR r.old_flowrate <> r.new_flowrate)`,
};
