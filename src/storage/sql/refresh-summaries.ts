import type { Statement } from '../database.js';
import { ALL, ALL_START, BLOCK, bucketStart, DAY, HOUR, LEVELS } from './level.js';
import { mergedPieces, PIECE_COLUMNS, PING_AS_PIECE } from './piece.js';

const [hour, day, block] = LEVELS;
const EVER = `timestamptz '${ALL_START}'`;

/**
 * Recomputes the summaries of the named hours from their pings, and of the
 * days, blocks and wholes that hold them from their children: fresh ones where
 * this statement made them, stored ones elsewhere. The caller holds the
 * sensors' locks and has changed the pings in statements before this one.
 *
 * $1 int[] sensor ids, $2 timestamptz[] starts of hours, pairwise; may repeat.
 */
export const refreshSummaries: Statement = {
  name: 'refresh_summaries',
  text: `
    WITH touched_hour AS MATERIALIZED (
      SELECT DISTINCT t.sensor_id, t.bucket, s.max_gap
      FROM unnest($1::int[], $2::timestamptz[]) AS t (sensor_id, bucket)
      JOIN flow_sensor s ON s.id = t.sensor_id
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
        .join(', ')}`,
};

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
    fresh_${name} AS MATERIALIZED (${mergedPieces(`
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
      )`, 'sensor_id, bucket')}
    )`;
}
