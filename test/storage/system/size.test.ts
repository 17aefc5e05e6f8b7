import { expect, test } from '@jest/globals';
import pg from 'pg';
import { SystemStore } from '../../../src/storage/system/system-store.js';
import type { Node } from '../../helpers/citus.js';
import { NODES_VARIABLE } from '../../helpers/database.js';
import { createTelemetry } from '../../helpers/telemetry.js';

test('the size of the database is that on the server, or on all nodes of a cluster', async () => {
  const { test: db, newSensor } = await createTelemetry();
  const store = new SystemStore(db.database, undefined);
  const empty = await store.size();
  for (let index = 0; index < 4; index++) {
    await db.database.pool.query(
      `INSERT INTO ping (sensor_id, datetime, flowrate)
       SELECT $1, timestamptz '2025-01-01Z' + n * interval '5 minutes', n % 977 FROM generate_series(1, 20000) AS n`,
      [await newSensor()],
    );
  }
  const nodes = JSON.parse(process.env[NODES_VARIABLE] ?? '[{}]') as Partial<Node>[];
  let expected = 0;
  for (const node of nodes) expected += await sizeOn({ ...db.connection, ...node });
  const size = await store.size();
  await db.drop();
  // It may be written to meanwhile.
  expect(size! / expected).toBeCloseTo(1, 1);
  expect(size! - empty!).toBeGreaterThan(80_000 * 50);
});

async function sizeOn(connection: pg.PoolConfig): Promise<number> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    'SELECT pg_database_size(current_database())::float8 AS bytes',
  );
  await client.end();
  return rows[0]!.bytes;
}
