import { ALL_START, BLOCK, bucketStart, DAY, HOUR, LEVELS } from './level.js';
import { mergedPieces, PIECE_COLUMNS, PING_AS_PIECE } from './piece.js';

const [hour, day, block] = LEVELS;
const EVER = `timestamptz '${ALL_START}'`;

/**
 * Common table expressions touched_* (sensor_id, bucket, max_gap) and fresh_*
 * (the same and …a piece) for hour, day, block and all: the summaries of some
 * hours computed from their pings, and those that hold them from their
 * children, fresh ones where they were just computed, stored ones elsewhere.
 *
 * OFFSET 0 keeps each bucket a range scan of its own, however the planner
 * estimates: it would else scan whole tables and join.
 *
 * @param hours a query for (sensor id, start of the hour); may repeat
 */
export function freshSummaries(hours: string): string {
  return `
    touched_hour AS MATERIALIZED (
      SELECT DISTINCT t.sensor_id, t.bucket, s.max_gap
      FROM (${hours}) AS t (sensor_id, bucket) JOIN flow_sensor s ON s.id = t.sensor_id
    ),
    fresh_hour AS MATERIALIZED (
      SELECT t.sensor_id, t.bucket, merged.*
      FROM touched_hour t
      CROSS JOIN LATERAL (${mergedPieces(`
        SELECT t.max_gap, ${PING_AS_PIECE} FROM ping p
        WHERE p.sensor_id = t.sensor_id
          AND p.datetime >= t.bucket AND p.datetime < t.bucket + interval '${hour.width}'
        OFFSET 0`)}
      ) AS merged
    ),
    ${parents('day', day.width, 'hour', HOUR)},
    ${parents('block', block.width, 'day', DAY)},
    touched_all AS MATERIALIZED (
      SELECT DISTINCT sensor_id, ${EVER} AS bucket, max_gap FROM touched_block
    ),
    ${freshParents('all', EVER, `'infinity'`, 'block', BLOCK)}`;
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
        OFFSET 0
      ) AS c
      WHERE NOT EXISTS (
        SELECT FROM touched_${child} u WHERE u.sensor_id = c.sensor_id AND u.bucket = c.start
      )`,
      'sensor_id, bucket',
    )}
    )`;
}
