import { request as send } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createServerWorld, token, type World } from '../helpers/server.js';

const RANGE = '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z';

let world: World;
let sensorId: number;
beforeAll(async () => {
  world = await createServerWorld();
  const { sensors } = world.server.services;
  sensorId = (await sensors.create(world.ours.principal, { name: 'One' })).id;
});
afterAll(() => world.close());

const volume = () => ({ path: `/api/v1/flow_sensors/${sensorId}/flow_volume/${RANGE}/` });
const field = 'flowVolume(start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z") { volume }';
const query = () => ({
  path: '/graphql',
  body: JSON.stringify({ query: `{ flowSensor(id: ${sensorId}) { ${field} } }` }),
});
const csv = () => ({
  path: `/app/sensors/${sensorId}/volumes.csv?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z`,
});

test.each([
  ['REST', volume],
  ['GraphQL', query],
  ['a CSV file of volumes', csv],
])('the statement of %s is cancelled when its client has gone', async (_, target) => {
  const { path, body = '' }: { path: string; body?: string } = target();
  const locker = new pg.Client(world.test.connection);
  await locker.connect();
  await locker.query('BEGIN; LOCK TABLE ping_summary IN ACCESS EXCLUSIVE MODE');
  const request = send(world.server.url + path, {
    method: body === '' ? 'GET' : 'POST',
    headers: { ...token(world.ours.reader), 'Content-Type': 'application/json' },
  });
  request.on('error', () => undefined).end(body);
  await waiting(1);
  request.destroy();
  await waiting(0);
  await locker.end();
  expect(world.server.log).toEqual([]);
});

/** Until that number of statements wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await world.test.database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows[0]!.count === count) return;
  }
}
