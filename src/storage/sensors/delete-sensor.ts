import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Statement, Transaction } from '../postgres/database.js';
import { readCandidate } from './continuation-store.js';
import { lockPings, lockSensor } from './lock-sensor.js';

/** $1 int sensor id */
const pingsOrRevisions: Statement = {
  name: 'pings_or_revisions',
  text: `
    SELECT EXISTS (SELECT 1 FROM ping WHERE sensor_id = $1)
      OR EXISTS (SELECT 1 FROM ping_revision WHERE sensor_id = $1) AS exists`,
};

/** A sync would otherwise go on copying into the sensor. $1 int account id, $2 int sensor id */
const deleteSyncedSensor: Statement = {
  name: 'delete_synced_sensor',
  text: 'DELETE FROM synced_sensor WHERE account_id = $1 AND sensor_id = $2',
};

/** $1 int account id, $2 int sensor id */
const deleteDeviceFields: Statement = {
  name: 'delete_device_fields_of_sensor',
  text: 'DELETE FROM device_field WHERE account_id = $1 AND sensor_id = $2',
};

/** $1 int sensor id */
const deleteMemberships: Statement = {
  name: 'delete_group_memberships',
  text: 'DELETE FROM sensor_group_member WHERE sensor_id = $1',
};

/** That of all its pings, of which there are none. $1 int sensor id */
const deleteSummary: Statement = {
  name: 'delete_summary_of_sensor',
  text: 'DELETE FROM ping_summary WHERE sensor_id = $1',
};

/** $1 int account id, $2 int sensor id */
const deleteRow: Statement = {
  name: 'delete_sensor',
  text: 'DELETE FROM flow_sensor WHERE account_id = $1 AND id = $2',
};

/**
 * Deletes a sensor that has never had a ping.
 * @returns undefined where the account has no such sensor, false where it has or had pings, the id
 * of a sensor that continues it
 * @throws LockTimeoutError where another transaction has locked its pings for too long
 */
export async function deleteSensor(
  transaction: Transaction,
  accountId: number,
  id: number,
  audit: (name: string) => AuditEntry,
): Promise<boolean | number | undefined> {
  const [sensor] = await transaction.query<{ name: string }>(lockSensor, [accountId, id]);
  if (!sensor) return undefined;
  await lockPings(transaction, id);
  const [record] = await transaction.query<{ exists: boolean }>(pingsOrRevisions, [id]);
  if (record?.exists) return false;
  const { links } = await readCandidate(transaction, accountId, id);
  const next = links.find(({ continuesSensorId }) => continuesSensorId === id);
  if (next) return next.id;
  await transaction.query(deleteSyncedSensor, [accountId, id]);
  await transaction.query(deleteDeviceFields, [accountId, id]);
  await transaction.query(deleteMemberships, [id]);
  await transaction.query(deleteSummary, [id]);
  await transaction.query(deleteRow, [accountId, id]);
  await logEvent(transaction, audit(sensor.name));
  return true;
}
