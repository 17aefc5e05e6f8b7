import type { Statement } from '../database.js';
import { ALL, ALL_START, BLOCK, bucketStart, DAY, HOUR, LEVELS } from './level.js';
import { mergedPieces, PIECE_COLUMNS, PING_AS_PIECE } from './piece.js';

const [hour, day, block] = LEVELS;
const EVER = `timestamptz '${ALL_START}'`;

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

/** All of one sensor, anew. $1 int sensor id */
export const rebuildSummaries = refreshSummaries(
  'all',
  `SELECT sensor_id, ${hourOf('datetime')} FROM ping WHERE sensor_id = $1
    UNION SELECT sensor_id, start FROM ping_summary WHERE sensor_id = $1 AND level = ${HOUR}`,
);

function refresh(hours: string): string {
  return `
    WITH touched_hour AS MATERIALIZED (
      SELECT DISTINCT t.sensor_id, t.bucket, s.max_gap
      FROM (${hours}) AS t (sensor_id, bucket) JOIN flow_sensor s ON s.id = t.sensor_id
    ),
    fresh_hour AS MATERIALIZED (
      SELECT t.sensor_id, t.bucket, merged.*
      FROM touched_hour t
      CROSS JOIN LATERAL (${mergedPieces(`
        SELECT t.max_gap, ${PING_AS_PIECE} FROM ping p
        WHERE p.sensor_id = t.sensor_id
          AND p.datetime >= t.bucket AND p.datetime < t.bucket + interval '${hour.width}'`)}
      ) AS merged
    ),
    ${parents('day', day.width, 'hour', HOUR)},
    ${parents('block', block.width, 'day', DAY)},
    touched_all AS MATERIALIZED (
      SELECT DISTINCT sensor_id, ${EVER} AS bucket, max_gap FROM touched_block
    ),
    ${freshParents('all', EVER, `'infinity'`, 'block', BLOCK)},
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
      ${PIECE_COLUMNS.split(',')
        .map((column) => column.trim())
        .map((column) => `${column} = EXCLUDED.${column}`)
        .join(', ')}`;
}

/** The buckets of one level above the touched children, and their fresh summaries. */
function parents(name: string, width: string, child: string, childLevel: number): string {
  const parent = bucketStart(width, 'bucket');
  return `
    touched_${name} AS MATERIALIZED (
      SELECT DISTINCT sensor_id, ${parent} AS bucket, max_gap FROM touched_${child}
    ),
    ${freshParents(name, parent, `t.bucket + interval '${width}'`, child, childLevel)}`;
}

function freshParents(
  name: string,
  parent: string,
  end: string,
  child: string,
  childLevel: number,
): string {
  return `
    fresh_${name} AS MATERIALIZED (${mergedPieces(
      `
      SELECT sensor_id, ${parent} AS bucket, max_gap, ${PIECE_COLUMNS} FROM fresh_${child}
      UNION ALL
      SELECT t.sensor_id, t.bucket, t.max_gap, ${PIECE_COLUMNS}
      FROM touched_${name} t
      CROSS JOIN LATERAL (
        SELECT * FROM ping_summary
        WHERE sensor_id = t.sensor_id AND level = ${childLevel} AND start >= t.bucket AND start < ${end}
      ) AS c
      WHERE NOT EXISTS (
        SELECT FROM touched_${child} u WHERE u.sensor_id = c.sensor_id AND u.bucket = c.start
      )`,
      'sensor_id, bucket',
    )}
    )`;
}
