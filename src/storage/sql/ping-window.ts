import type { Statement } from '../database.js';

export type Direction = 'ASC' | 'DESC';

/**
 * The first pings of each of several sensors between two instants, exclusive,
 * in one direction of time.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz after, $4 timestamptz before, $5 int most pings a sensor
 */
export const pingWindow: Record<Direction, Statement> = {
  ASC: statement('ASC'),
  DESC: statement('DESC'),
};

function statement(direction: Direction): Statement {
  return {
    name: `ping_window_${direction.toLowerCase()}`,
    text: `
    SELECT p.id, s.id AS sensor_id, round(date_part('epoch', p.datetime) * 1000) AS at, p.flowrate
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT id, datetime, flowrate FROM ping
      WHERE sensor_id = s.id AND datetime > $3::timestamptz AND datetime < $4::timestamptz
      ORDER BY datetime ${direction} LIMIT $5
    ) AS p
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])
    ORDER BY s.id, p.datetime ${direction}`,
  };
}
