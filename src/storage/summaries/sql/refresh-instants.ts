import type { Statement } from '../../postgres/database.js';
import { COUNTS } from '../../pings/quality.js';
import { ALL, BLOCK, DAY, EVERY_LEVEL, HOUR, levelStart, LEVELS, type Level } from './level.js';
import { maxGapAt } from './max-gap.js';
import { COLUMNS, mergedByBucket, mergedSummaries, pingAsPiece, PIECE_COLUMNS } from './piece.js';
import { upsertSummaries } from './upsert-summaries.js';

/**
 * Recomputes the summaries that hold some instants, of all levels in one statement: it sees none of
 * its own writes, so each level is merged from what it has computed of the level below and the
 * stored summaries that do not change. The caller has locked the sensors, changed the pings in
 * earlier statements and removed the summaries that are empty now.
 *
 * $1 int[] sensor ids, $2 timestamptz[] instants, pairwise: of each hour with changes at least the
 * earliest
 */
export const refreshInstants: Statement = {
  name: 'refresh_instants',
  text: `
    WITH ${EVERY_LEVEL.map((level) => `${fresh(level)} AS MATERIALIZED (${freshOf(level)})`).join(', ')}
    ${upsertSummaries(
      EVERY_LEVEL.map((level) => `SELECT ${level}, * FROM ${fresh(level)}`).join(' UNION ALL '),
    )}`,
};

function fresh(level: Level): string {
  return `fresh_${level}`;
}

function freshOf(level: Level): string {
  switch (level) {
    case HOUR:
      return freshHours();
    case DAY:
    case BLOCK:
      return freshFrom(
        level,
        `AND c.start >= t.start AND c.start < t.start + interval '${LEVELS[level].width}'`,
      );
    case ALL:
      return freshFrom(level, '');
  }
}

/**
 * An hour that has changed only after its last ping is merged from its stored summary and the later
 * pings, whatever the number of its pings. The result is the same to the last bit as from all of
 * them, since sums add up in the order of time.
 */
function freshHours(): string {
  const pieces = `
    SELECT h.start, ${COLUMNS.map((column) => `h.${column}`).join(', ')} WHERE h.start IS NOT NULL
    UNION ALL
    SELECT p.datetime, ${pingAsPiece()} FROM ping p
    WHERE p.sensor_id = t.sensor_id AND p.datetime >= CASE WHEN h.start IS NULL THEN t.start ELSE t.since END
      AND p.datetime < t.start + interval '${LEVELS[HOUR].width}' AND ${COUNTS}`;
  return `
    SELECT t.sensor_id, t.start, merged.*
    FROM (
      SELECT sensor_id, ${levelStart(HOUR, 'at')} AS start, min(at) AS since
      FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)
      GROUP BY 1, 2
    ) AS t
    JOIN flow_sensor s ON s.id = t.sensor_id
    LEFT JOIN ping_summary h
      ON h.sensor_id = t.sensor_id AND h.level = ${HOUR} AND h.start = t.start AND h.last_at < t.since
    CROSS JOIN LATERAL (${mergedSummaries(pieces, maxGapAt)}) AS merged`;
}

function bucketsOf(level: Level): string {
  return `SELECT DISTINCT sensor_id, ${levelStart(level, 'at')} AS start
    FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)`;
}

function freshFrom(level: typeof DAY | typeof BLOCK | typeof ALL, isWithin: string): string {
  const below = fresh((level - 1) as Level);
  const stored = `
    SELECT c.sensor_id, t.start AS bucket, c.start, ${PIECE_COLUMNS}
    FROM (${bucketsOf(level)}) AS t
    JOIN ping_summary c ON c.sensor_id = t.sensor_id AND c.level = ${level - 1} ${isWithin}
    WHERE NOT EXISTS (SELECT FROM ${below} f WHERE f.sensor_id = c.sensor_id AND f.start = c.start)`;
  const computed = `SELECT sensor_id, ${levelStart(level, 'start')}, start, ${PIECE_COLUMNS} FROM ${below}`;
  return mergedByBucket(`${stored} UNION ALL ${computed}`, maxGapAt);
}
