import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTenant, type Tenant } from '../../helpers/graphql.js';
import {
  call,
  createServerWorld,
  JSON_BODY,
  startServer,
  token,
  type TestServer,
  type World,
} from '../../helpers/server.js';

let world: World;
/** cuts clients that take nothing very soon; the world's own server practically never does */
let impatient: TestServer;
let tenant: Tenant;
let sensor: number;
const sockets: Socket[] = [];

/** More than the socket buffers of both sides hold. */
const PINGS = 80_000;
const NAME = 'x'.repeat(200);

beforeAll(async () => {
  world = await createServerWorld({ stallMs: 600_000 });
  impatient = await startServer(world.test, { stallMs: 300 });
});
beforeEach(async () => {
  tenant = await createTenant(world.test, `tenant ${sensor}`);
  sensor = (await world.server.services.sensors.create(tenant.principal, { name: NAME })).id;
  await world.test.database.pool.query(
    `INSERT INTO ping (sensor_id, datetime, flowrate)
     SELECT $1, timestamptz '2020-01-01' + n * interval '1 second', n FROM generate_series(1, $2::int) n`,
    [sensor, PINGS],
  );
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await impatient.close();
  await world.close();
});

const path = () => `/app/sensors/${sensor}/pings.csv`;

/** The head of a download that its client then does not read. */
async function begin(key = tenant.reader, { url }: TestServer = world.server) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(`GET ${path()} HTTP/1.1\r\nHost: x\r\nAuthorization: Token ${key}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  return { socket, head: chunk.toString(), status: Number(chunk.toString().split(' ')[1]) };
}

function beginSeveral(count: number, ...options: Parameters<typeof begin>) {
  return Promise.all(Array.from({ length: count }, () => begin(...options)));
}

/** Bytes that are read of a download once its client reads on, until the server ends it. */
async function readOn(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  return bytes;
}

/** Waits until the account may begin another download. */
async function untilOneMoreBegins(server: TestServer): Promise<void> {
  for (;;) {
    const { status, socket } = await begin(tenant.reader, server);
    socket.destroy();
    if (status === 200) return;
  }
}

describe('Downloads that are not read', () => {
  test('16 unread downloads by one read token leave the server to all other clients', async () => {
    const begun = await beginSeveral(16);
    expect(new Set(begun.map(({ status }) => status))).toEqual(new Set([200, 429]));

    const { url } = world.server;
    expect((await call(url, '/readyz')).status).toBe(200);
    const headers = token(world.theirs.admin);
    expect((await call(url, '/api/v1/flow_sensors/', { headers })).status).toBe(200);
    const { sensors } = world.server.services;
    const { id } = await sensors.create(world.theirs.principal, { name: 'Other' });
    const recorded = await call(url, `/api/v1/flow_sensors/${id}/pings/`, {
      method: 'POST',
      headers: { ...headers, ...JSON_BODY },
      body: '{"flowrate": 1}',
    });
    expect(recorded.status).toBe(201);
    const { rows } = await world.test.database.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    expect(rows).toEqual([]);
  });

  test('an account has 4 downloads at once, and more are 429 with Retry-After', async () => {
    const begun = await beginSeveral(6);
    const refused = begun.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    for (const { head } of refused) {
      expect(head).toMatch(/retry-after: \d/i);
      expect(head).toContain('At most 4 exports of an account run at once.');
    }
    const theirs = await call(world.server.url, path(), { headers: token(world.theirs.reader) });
    expect(theirs.status).toBe(404);
  });

  test('a download whose client takes nothing for too long is cut, and its place is free again', async () => {
    const begun = await beginSeveral(4, tenant.reader, impatient);
    expect(begun.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    // The four of them stay open and unread on the client's side.
    await untilOneMoreBegins(impatient);
  });

  test('a download whose token is revoked ends, and its place is free again', async () => {
    const { tokens } = world.server.services;
    const { id, key } = await tokens.create(tenant.principal, { name: 't', scopes: ['READ'] });
    const [first] = await beginSeveral(4, key);
    expect((await begin()).status).toBe(429);
    await tokens.revoke(tenant.principal, id);
    await untilOneMoreBegins(world.server);
    expect(await readOn(first!.socket)).toBeLessThan(PINGS * NAME.length);
  });

  test('HEAD has the headers of the file and exports nothing', async () => {
    await beginSeveral(4);
    const headers = token(tenant.reader);
    const reply = await call(world.server.url, path(), { method: 'HEAD', headers });
    expect([reply.status, reply.headers['content-disposition']]).toEqual([
      200,
      `attachment; filename=sensor-${sensor}-pings.csv`,
    ]);
    const missing = `/app/sensors/${sensor + 100}/pings.csv`;
    expect((await call(world.server.url, missing, { method: 'HEAD', headers })).status).toBe(404);
  });

  test('a long download leaves no listener behind for each time that it waited', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const reply = await call(world.server.url, path(), { headers: token(tenant.reader) });
    process.off('warning', onWarning);
    expect(reply.text.trimEnd().split('\n')).toHaveLength(PINGS + 1);
    expect(warnings).toEqual([]);
  });
});
