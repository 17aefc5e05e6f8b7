import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { execute } from '../../helpers/citus.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

/*
 * Between the commits of a worker and of the coordinator, NOTIFY waits for a lock. Another session holds it that has notified, and
 * waits for a standby which does not exist. The cluster has to run on this machine, and to end its processes to be permitted.
 */
const STANDBY = 'nobody';

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

test('a coordinator that is killed between the commit of a worker and its own leaves both of what a transaction changed, or nothing', async () => {
  const { connection, database } = telemetry.test;
  const sensorId = await telemetry.newSensor();
  await setStandby(`= '${STANDBY}'`);
  const holder = new pg.Client(connection);
  holder.on('error', () => undefined);
  await holder.connect();
  await until(
    holder,
    `SELECT current_setting('synchronous_standby_names') = '${STANDBY}' AS found`,
  );
  const held = holder
    .query(`INSERT INTO account (name) VALUES ('held'); NOTIFY held`)
    .catch(() => undefined);
  await until(
    database.pool,
    `SELECT true AS found FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
  );
  const changed = database
    .transaction(async (transaction) => {
      const send = (text: string, ...values: unknown[]) => transaction.client.query(text, values);
      await send('SET LOCAL synchronous_commit = local');
      await send('UPDATE flow_sensor SET name = $2 WHERE id = $1', sensorId, 'changed');
      await send(`INSERT INTO account (name) VALUES ('changed')`);
      await send('NOTIFY changed');
    })
    .catch((error: unknown) => error);
  const { pid } = await until(
    database.pool,
    `SELECT pid, true AS found FROM pg_locks WHERE NOT granted AND locktype = 'object' AND classid = 'pg_database'::regclass`,
  );
  process.kill(pid as number, 'SIGKILL');
  expect(await changed).toBeInstanceOf(Error);
  await held;
  await restarted();
  await setStandby(undefined);
  await database.pool.query('SELECT recover_prepared_transactions()');
  const { rows } = await database.pool.query<{ sensor: string; accounts: string }>(
    `SELECT (SELECT name FROM flow_sensor WHERE id = $1) AS sensor,
       (SELECT count(*) FROM account WHERE name = 'changed') AS accounts`,
    [sensorId],
  );
  expect(rows).toEqual([{ sensor: 'Sensor', accounts: '0' }]);
});

async function setStandby(value: string | undefined): Promise<void> {
  await execute(
    telemetry.test.connection,
    value === undefined
      ? 'ALTER SYSTEM RESET synchronous_standby_names'
      : `ALTER SYSTEM SET synchronous_standby_names ${value}`,
    'SELECT pg_reload_conf()',
  );
}

/** Asks again and again until there is a row that is `found`. */
async function until(
  connection: Pick<pg.Pool, 'query'>,
  sql: string,
): Promise<Record<string, unknown>> {
  for (;;) {
    const { rows } = await connection.query<{ found: boolean }>(sql);
    if (rows[0]?.found) return rows[0];
  }
}

async function restarted(): Promise<void> {
  for (;;) {
    try {
      await execute(telemetry.test.connection, 'SELECT 1');
      return;
    } catch {
      // It recovers.
    }
  }
}
