import type { Statement } from '../database.js';
import { freshSummaries } from './fresh-summaries.js';
import { ALL, BLOCK, bucketStart, DAY, HOUR, LEVELS } from './level.js';
import { PIECE_COLUMNS } from './piece.js';

const [hour] = LEVELS;
const COLUMNS = PIECE_COLUMNS.split(',').map((column) => column.trim());

/**
 * Recomputes the summaries of some hours from their pings, and of the days,
 * blocks and wholes that hold them from their children: fresh ones where the
 * statement made them, stored ones elsewhere. Hours without pings lose their
 * summaries. The caller holds the sensors' locks and has changed the pings in
 * statements before this one.
 *
 * @param hours a query for (sensor id, start of the hour); may repeat
 */
function refreshSummaries(name: string, hours: string): Statement {
  return { name: `refresh_summaries_${name}`, text: refresh(hours) };
}

const hourOf = (instant: string) => bucketStart(hour.width, instant);

/** $1 int[] sensor ids, $2 timestamptz[] instants in the hours, pairwise */
export const refreshHours = refreshSummaries(
  'hours',
  `SELECT sensor_id, ${hourOf('at')} FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)`,
);

/** The hours of the pings in the temporary table staged_ping. */
export const refreshStagedHours = refreshSummaries(
  'staged_hours',
  `SELECT sensor_id, ${hourOf('datetime')} FROM staged_ping`,
);

/** The hours that meet a range. $1 int sensor id, $2, $3 timestamptz range */
export const refreshRange = refreshSummaries(
  'range',
  `SELECT sensor_id, start FROM ping_summary
    WHERE sensor_id = $1 AND level = ${HOUR} AND start >= ${hourOf('$2::timestamptz')} AND start < $3`,
);

/**
 * What a change of max_gap can change: summaries that hold a segment longer
 * than the lesser of the old one and the new. $1 int sensor id, $2 int that lesser, seconds
 */
export const refreshLongGaps = refreshSummaries(
  'long_gaps',
  `SELECT sensor_id, ${hourOf('first_at')} FROM ping_summary
    WHERE sensor_id = $1 AND longest_gap_ms > $2 * 1000::bigint`,
);

/** All that a sensor's pings make. $1 int sensor id */
export const refreshAll = refreshSummaries(
  'all',
  `SELECT DISTINCT sensor_id, ${hourOf('datetime')} FROM ping WHERE sensor_id = $1`,
);

/** Leaves a sensor with the summary of no pings. $1 int sensor id */
export const clearSummaries: Statement = {
  name: 'clear_summaries',
  text: `
    WITH cleared AS (DELETE FROM ping_summary WHERE sensor_id = $1 AND level <> ${ALL})
    UPDATE ping_summary SET (${PIECE_COLUMNS}) = (0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL, 0)
    WHERE sensor_id = $1 AND level = ${ALL}`,
};

function refresh(hours: string): string {
  return `
    WITH ${freshSummaries(hours)},
    emptied AS (
      DELETE FROM ping_summary g
      USING (
        ${LEVELS.map(
          ({ level, name }) => `
        SELECT sensor_id, ${level} AS level, bucket FROM touched_${name}
        EXCEPT SELECT sensor_id, ${level}, bucket FROM fresh_${name}`,
        ).join(' UNION ALL ')}
      ) AS gone
      WHERE g.sensor_id = gone.sensor_id AND g.level = gone.level AND g.start = gone.bucket
    )
    INSERT INTO ping_summary (sensor_id, level, start, ${PIECE_COLUMNS})
    SELECT sensor_id, ${HOUR}, bucket, ${PIECE_COLUMNS} FROM fresh_hour
    UNION ALL SELECT sensor_id, ${DAY}, bucket, ${PIECE_COLUMNS} FROM fresh_day
    UNION ALL SELECT sensor_id, ${BLOCK}, bucket, ${PIECE_COLUMNS} FROM fresh_block
    UNION ALL SELECT sensor_id, ${ALL}, bucket, ${PIECE_COLUMNS} FROM fresh_all
    UNION ALL
      SELECT sensor_id, ${ALL}, bucket, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL, 0
      FROM touched_all t WHERE NOT EXISTS (SELECT FROM fresh_all f WHERE f.sensor_id = t.sensor_id)
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ${COLUMNS.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}`;
}
