import { expect, test } from '@jest/globals';
import { startServer } from '../../src/composition/server.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/http/log.js';
import { SensorStore } from '../../src/storage/sensors/sensor-store.js';
import { createTestDatabase } from '../helpers/database.js';
import { createTenant } from '../helpers/graphql.js';
import { SensorHolder } from '../helpers/sensor-holder.js';
import { token } from '../helpers/server.js';

test('a server that ends cuts pings that wait for a locked sensor, and none of them is recorded', async () => {
  const { database, connection, url, drop } = await createTestDatabase();
  const { principal, ingester } = await createTenant({ database } as never, 'ours');
  const sensor = await new SensorStore(database).create(principal.accountId, { name: 'One' });
  const holder = await SensorHolder.of(connection, sensor.id);
  const config = loadConfig({ DATABASE_URL: url, PORT: '0' });
  const app = await startServer(config, { log: createLog('silent'), shutdownTimeoutMs: 200 });

  const waiting = [1, 2, 3].map((flowrate) =>
    fetch(`${app.url}/api/v1/flow_sensors/${sensor.id}/pings/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...token(ingester) },
      body: JSON.stringify({ flowrate }),
    }),
  );
  const settled = Promise.allSettled(waiting);
  await holder.awaited();
  await app.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await holder.release();
  expect(await database.prisma.ping.count()).toBe(0);
  await drop();
});
