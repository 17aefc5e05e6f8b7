import type { Statement } from '../database.js';

export type Direction = 'ASC' | 'DESC';

/**
 * The first pings of each of several sensors between two instants, exclusive,
 * in one direction of time: rows (sensor_id, pings), the pings one after the
 * other in PostgreSQL's binary form, in base64: the id, the datetime and the
 * flowrate, of 8 bytes each. A thousand of them written in decimals would take
 * twice as long here, and three times as long to read.
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
    SELECT s.id AS sensor_id, w.pings
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT encode(string_agg(int8send(p.id) || timestamptz_send(p.datetime) || float8send(p.flowrate), ''::bytea), 'base64') AS pings
      FROM (
        SELECT id, datetime, flowrate FROM ping
        WHERE sensor_id = s.id AND datetime > $3::timestamptz AND datetime < $4::timestamptz
        ORDER BY datetime ${direction} LIMIT $5
      ) AS p
    ) AS w
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND w.pings IS NOT NULL`,
  };
}
