import type { Statement } from '../../postgres/database.js';
import { PACKED_PINGS } from './packed-pings.js';
import { isComplete } from './thinned.js';
import { pingsAsOf } from './pings-as-of.js';

export type Direction = 'ASC' | 'DESC';

/**
 * The first pings of each of several sensors between two instants, exclusive, in one direction of
 * time: rows (sensor_id, pings), the pings packed.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz after, $4 timestamptz before, $5 int most
 * pings a sensor
 */
export const pingWindow: Record<Direction, Statement> = {
  ASC: statement('ping_window_asc', storedNow('ASC')),
  DESC: statement('ping_window_desc', storedNow('DESC')),
};

/** The same of the pings as they were stored at an instant. $6 timestamptz instant */
export const pingWindowAsOf: Record<Direction, Statement> = {
  ASC: statement('ping_window_as_of_asc', storedThen('ASC')),
  DESC: statement('ping_window_as_of_desc', storedThen('DESC')),
};

/**
 * The same of each sensor between instants of its own. $3 timestamptz[] after, $4 timestamptz[] before,
 * in the order of the sensors, each of which is given once
 */
export const pingWindowWithin: Record<Direction, Statement> = {
  ASC: statement('ping_window_within_asc', storedNow('ASC', isWithin)),
  DESC: statement('ping_window_within_desc', storedNow('DESC', isWithin)),
};

/** The same of the pings as they were stored at an instant. $6 timestamptz instant */
export const pingWindowWithinAsOf: Record<Direction, Statement> = {
  ASC: statement('ping_window_within_as_of_asc', storedThen('ASC', isWithin)),
  DESC: statement('ping_window_within_as_of_desc', storedThen('DESC', isWithin)),
};

function statement(name: string, pings: string): Statement {
  return {
    name,
    text: `
    SELECT s.id AS sensor_id, w.pings
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT ${PACKED_PINGS} AS pings
      FROM (${pings}) AS p
    ) AS w
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND w.pings IS NOT NULL`,
  };
}

function storedNow(direction: Direction, isSelected = isBetween): string {
  return `
        SELECT id, datetime, flowrate, recorded_at, quality FROM ping
        WHERE sensor_id = s.id AND ${isSelected('datetime')} AND ${isComplete('datetime')}
        ORDER BY datetime ${direction} LIMIT $5
      `;
}

function storedThen(direction: Direction, isSelected = isBetween): string {
  const within = (at: string) => `${isSelected(at)} AND ${isComplete(at)}`;
  return pingsAsOf('$6::timestamptz', within, { direction, limit: '$5' });
}

function isBetween(at: string): string {
  return `${at} > $3::timestamptz AND ${at} < $4::timestamptz`;
}

function isWithin(at: string): string {
  const own = (values: string) => `(${values}::timestamptz[])[array_position($2::int[], s.id)]`;
  return `${at} > ${own('$3')} AND ${at} < ${own('$4')}`;
}
