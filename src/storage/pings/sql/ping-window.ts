import type { Statement } from '../../postgres/database.js';
import { PACKED_PINGS } from './packed-pings.js';

export type Direction = 'ASC' | 'DESC';

/**
 * The first pings of each of several sensors between two instants, exclusive, in one direction of
 * time: rows (sensor_id, pings), the pings packed.
 *
 * $1 int account id, $2 int[] sensor ids, $3 timestamptz after, $4 timestamptz before, $5 int most
 * pings a sensor
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
      SELECT ${PACKED_PINGS} AS pings
      FROM (
        SELECT id, datetime, flowrate FROM ping
        WHERE sensor_id = s.id AND datetime > $3::timestamptz AND datetime < $4::timestamptz
        ORDER BY datetime ${direction} LIMIT $5
      ) AS p
    ) AS w
    WHERE s.account_id = $1 AND s.id = ANY($2::int[]) AND w.pings IS NOT NULL`,
  };
}
