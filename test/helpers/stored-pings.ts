import { formatInstant } from '../../src/domain/shared/time.js';
import type { TestDatabase } from './database.js';

/**
 * Of each of an account's pings its sensor's name, the instant and the flowrate; sensor by sensor,
 * in order.
 */
export async function storedPings(
  { database }: TestDatabase,
  accountName: string,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string; datetime: Date; flowrate: number }>(
    `SELECT flow_sensor.name, ping.datetime, ping.flowrate
     FROM account JOIN flow_sensor ON account_id = account.id JOIN ping ON sensor_id = flow_sensor.id
     WHERE account.name = $1 ORDER BY flow_sensor.id, ping.datetime`,
    [accountName],
  );
  return rows.map((row) => `${row.name},${formatInstant(row.datetime)},${row.flowrate}`);
}
