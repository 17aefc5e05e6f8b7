import type { Statement, Transaction } from '../postgres/database.js';
import { lockSensors, withLockTimeout } from '../summaries/lock-sensors.js';
import { SENSOR_COLUMNS } from './sql/sensor-window.js';

/** $1 int account id, $2 int sensor id */
export const lockSensor: Statement = {
  name: 'lock_sensor',
  text: `SELECT ${SENSOR_COLUMNS} FROM flow_sensor WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE`,
};

/**
 * @returns the instant, once they are locked
 * @throws LockTimeoutError where another transaction has locked its pings for too long
 */
export async function lockPings(transaction: Transaction, id: number): Promise<Date> {
  const [locked] = await withLockTimeout(transaction, () =>
    transaction.query<{ recorded_at: number }>(lockSensors, [[id], 0]),
  );
  return new Date(locked!.recorded_at);
}
