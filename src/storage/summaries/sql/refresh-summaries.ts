import type { Queryable, Statement } from '../../postgres/database.js';
import { freshSummaries } from './fresh-summaries.js';
import { grownHours } from './grown-hours.js';
import { ALL, EVERY_LEVEL, HOUR, levelStart, type Level } from './level.js';
import { COLUMNS, EMPTY_PIECE, PIECE_COLUMNS } from './piece.js';

/**
 * Recomputes some summaries from the bottom up, a statement a level. The caller has locked the
 * sensors, changed the pings in earlier statements and removed the summaries that are empty now.
 */
export interface Refresh {
  readonly levels: readonly Statement[];
}

/** @param values the parameters that the refresh names, the same for every level */
export async function refresh(
  transaction: Queryable,
  { levels }: Refresh,
  values: readonly unknown[],
): Promise<void> {
  for (const statement of levels) await transaction.query(statement, values);
}

/**
 * The summaries that hold some instants. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise: of
 * each hour with changes at least the earliest
 */
export const refreshInstants: Refresh = {
  levels: EVERY_LEVEL.map((level) =>
    refreshLevel(
      'instants',
      level,
      level === HOUR ? grownHours() : freshSummaries(level, instants(level)),
    ),
  ),
};

function instants(level: Level): string {
  return `SELECT DISTINCT sensor_id, ${levelStart(level, 'at')} FROM unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)`;
}

/**
 * Those that hold the hours in the temporary table staged_hour (sensor_id, start), in their order:
 * written into the index and the table side by side they take a quarter less time.
 */
export const refreshStagedHours = refreshOf(
  'staged_hours',
  (level) =>
    `SELECT DISTINCT sensor_id, ${levelStart(level, 'start')} FROM staged_hour ORDER BY 1, 2`,
);

/**
 * Those that a change of max_gap can change: they hold a segment longer than the least of the old
 * ones and the new, and end after the instant from which the new one is in force. $1 int sensor id,
 * $2 int that least, seconds, $3 timestamptz that instant
 */
export const refreshLongGaps = refreshOf(
  'long_gaps',
  (level) => `SELECT sensor_id, start FROM ping_summary
    WHERE sensor_id = $1 AND level = ${level} AND longest_gap_ms > $2 * 1000::bigint
      AND ${endsAfter(level, '$3::timestamptz')}`,
);

function endsAfter(level: Level, instant: string): string {
  // The one over all pings always does, and each level's statement has the same parameters.
  return level === ALL ? `${instant} IS NOT NULL` : `start >= ${levelStart(level, instant)}`;
}

/** Hours before have summaries of pings that are no longer stored. $1 int sensor id */
export const THINNED_UNTIL_OF_SENSOR = `coalesce((SELECT thinned_until FROM flow_sensor WHERE id = $1), '-infinity')`;

/** All that a sensor's pings make. $1 int sensor id */
export const refreshAll = refreshOf('all', allBuckets);

/**
 * A query for all the buckets of one level that a sensor's pings or summaries fill, without hours whose
 * pings are thinned. $1 int sensor id
 */
export function allBuckets(level: Level): string {
  return level === HOUR
    ? `SELECT DISTINCT sensor_id, ${levelStart(HOUR, 'datetime')} FROM ping WHERE sensor_id = $1 AND datetime >= ${THINNED_UNTIL_OF_SENSOR}`
    : `SELECT DISTINCT sensor_id, ${levelStart(level, 'start')} FROM ping_summary WHERE sensor_id = $1 AND level = ${level - 1}`;
}

/**
 * Removes the summaries that meet a range, and empties the one over all. $1 int sensor id, $2, $3
 * timestamptz range
 */
export const clearSummaries: Statement = {
  name: 'clear_summaries',
  text: `
    WITH ${EVERY_LEVEL.filter((level) => level !== ALL)
      .map(
        (level) => `
    cleared_${level} AS (
      DELETE FROM ping_summary WHERE sensor_id = $1 AND level = ${level}
        AND start >= ${levelStart(level, '$2::timestamptz')} AND start < $3::timestamptz
    )`,
      )
      .join(',')}
    UPDATE ping_summary SET (${PIECE_COLUMNS}) = (${EMPTY_PIECE})
    WHERE sensor_id = $1 AND level = ${ALL}`,
};

/**
 * Removes the summaries that hold some instants, and empties those over all, so that none is left of
 * a bucket whose pings are all bad now. $1 int[] sensor ids, $2 timestamptz[] instants, pairwise
 */
export const clearInstants = clearBuckets(
  'clear_instants',
  'unnest($1::int[], $2::timestamptz[]) AS k (sensor_id, at)',
  'k.at',
  '= ANY($1::int[])',
);

/** The same of the hours in the temporary table staged_hour. */
export const clearStagedHours = clearBuckets(
  'clear_staged_hours',
  'staged_hour AS k',
  'k.start',
  'IN (SELECT sensor_id FROM staged_hour)',
);

function clearBuckets(name: string, buckets: string, at: string, isAny: string): Statement {
  const cleared = EVERY_LEVEL.filter((level) => level !== ALL).map(
    (level) => `
    cleared_${level} AS (
      DELETE FROM ping_summary c USING ${buckets}
      WHERE c.sensor_id = k.sensor_id AND c.level = ${level} AND c.start = ${levelStart(level, at)}
        AND c.sensor_id ${isAny}
    )`,
  );
  return {
    name,
    text: `
    WITH ${cleared.join(',')}
    UPDATE ping_summary SET (${PIECE_COLUMNS}) = (${EMPTY_PIECE})
    WHERE sensor_id ${isAny} AND level = ${ALL}`,
  };
}

function refreshOf(name: string, buckets: (level: Level) => string): Refresh {
  return {
    levels: EVERY_LEVEL.map((level) =>
      refreshLevel(name, level, freshSummaries(level, buckets(level))),
    ),
  };
}

/** @param summaries a query for (sensor_id, start, …a piece) */
function refreshLevel(name: string, level: Level, summaries: string): Statement {
  return {
    name: `refresh_${name}_${level}`,
    text: `
    INSERT INTO ping_summary (level, sensor_id, start, ${PIECE_COLUMNS})
    SELECT ${level}, fresh.* FROM (${summaries}) AS fresh
    ON CONFLICT (sensor_id, level, start) DO UPDATE SET
      ${COLUMNS.map((column) => `${column} = EXCLUDED.${column}`).join(', ')},
      before_last = NULL, before_last_written_by = NULL`,
  };
}
