import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { storedPings } from '../helpers/stored-pings.js';
import { runFlowgate } from './flowgate.js';

let upstream: TestDatabase;
let server: TestServer;
let key: string;
let local: TestDatabase;
let accounts = 0;

beforeAll(async () => {
  upstream = await createTestDatabase();
  server = await startServer(upstream);
  await at(upstream, ['account', 'create', 'source']);
  const scope = ['--name', 'sync', '--scope', 'read'];
  key = (await at(upstream, ['token', 'create', '--account', 'source', ...scope])).stdout.trim();
  local = await createTestDatabase();
});

afterAll(async () => {
  await server.close();
  await upstream.drop();
  await local.drop();
});

function at({ url }: TestDatabase, args: readonly string[], input?: string) {
  return runFlowgate({ DATABASE_URL: url }, args, input);
}

function record(csv: string, ...options: string[]) {
  const text = `sensor_name,latitude,longitude,pipe_diameter,datetime,flowrate\n${csv}`;
  return at(upstream, ['import', '-', '--account', 'source', '--create-sensors', ...options], text);
}

async function account(): Promise<string> {
  const name = `copy ${++accounts}`;
  await local.database.prisma.account.create({ data: { name } });
  return name;
}

function sync(name: string, from = server.url, ...options: string[]) {
  return at(local, ['sync', '--from', from, '--token', key, '--account', name, ...options]);
}

test('sync copies everything, continues where it stopped, and finds late and corrected pings within --look-back', async () => {
  const minutes = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => {
      const time = new Date(Date.UTC(2020, 0, 1) + (from + index) * 60_000).toISOString();
      return `Pump A,31.9,-102.1,12.75,${time},${from + index}.5`;
    }).join('\n');
  await record(`${minutes(0, 2500)}\nEast,,,,2020-03-01,7\nEast,,,,2010-03-01,8\n`);
  await at(upstream, ['sensor', 'create', 'Silent', '--account', 'source']);

  const name = await account();
  expect(await sync(name)).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/^3 sensors, 3 of them new: 2502 pings recorded, /),
  });
  const copies = await local.database.prisma.account.findUniqueOrThrow({ where: { name } });
  const logged = await local.database.prisma.auditEvent.findMany({
    where: { accountId: copies.id, type: 'SENSOR_CREATED' },
    select: { subjectName: true },
    orderBy: { subjectName: 'asc' },
  });
  expect(logged.map(({ subjectName }) => subjectName)).toEqual(['East', 'Pump A', 'Silent']);
  expect(await storedPings(local, name)).toEqual(await storedPings(upstream, 'source'));
  const sensor = await local.database.prisma.flowSensor.findFirst({ where: { name: 'Pump A' } });
  expect(sensor).toMatchObject({ latitude: 31.9, longitude: -102.1, pipeDiameter: 12.75 });

  // A day's worth past the end, one late by an hour and one by a month, a correction, another name.
  await record(minutes(2500, 100));
  await record('Pump A,,,,2020-01-02T16:00:30Z,1\nPump A,,,,2019-12-01,2\n');
  await record('Pump A,,,,2020-01-02T10:00:00Z,-9\n', '--on-conflict', 'overwrite');
  await upstream.database.prisma.flowSensor.updateMany({
    where: { name: 'East' },
    data: { name: 'East 2' },
  });
  expect(await sync(name, `${server.url}/api/v1/`)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^3 sensors, 0 of them new: 102 pings recorded, /),
  });
  const without = (await storedPings(upstream, 'source')).filter(
    (row) => !row.includes('2019-12-01'),
  );
  expect(await storedPings(local, name)).toEqual(without);

  expect(await sync(name, server.url, '--look-back', '60')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/: 1 pings recorded, /),
  });
  expect(await storedPings(local, name)).toEqual(await storedPings(upstream, 'source'));
});

test('an interrupted sync continues where it stopped', async () => {
  // A proxy in front of the upstream that fails for good after some responses.
  let allowed = 12;
  const requested: string[] = [];
  const proxy = createServer((request: IncomingMessage, response) => {
    requested.push(request.url ?? '');
    if (allowed-- <= 0) return void response.writeHead(500).end();
    const { authorization = '' } = request.headers;
    void fetch(`${server.url}${request.url}`, { headers: { authorization } }).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text()),
    );
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const from = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await record('Long,,,,2000-01-01,1\nLong,,,,2020-01-01,2\n');

  const name = await account();
  const interrupted = await sync(name, from);
  expect(interrupted).toMatchObject({ status: 1, stdout: '' });
  expect(interrupted.stderr).toMatch(/^flowgate: [^\n]+ 500 [^\n]+\n$/);
  allowed = Infinity;
  requested.length = 0;
  expect(await sync(name, from, '--look-back', '1s')).toMatchObject({ status: 0 });
  expect(await storedPings(local, name)).toEqual(await storedPings(upstream, 'source'));
  // The first sensor's pings were there already: it is not read from its first ping again.
  const firstSensor = /flow_sensors\/1\/pings\/.*start=2019-12-01/;
  expect(requested.filter((url) => firstSensor.test(decodeURIComponent(url)))).toEqual([]);
  proxy.close();
});

test('sync copies pings of the first day of year 1', async () => {
  await record('Ancient,,,,0001-01-01,1\nAncient,,,,0001-01-01T00:00:00.500Z,2\n');
  const name = await account();
  expect(await sync(name)).toMatchObject({ status: 0, stderr: '' });
  expect(await storedPings(local, name)).toEqual(await storedPings(upstream, 'source'));
  expect(await sync(name)).toMatchObject({ status: 0, stderr: '' });
});

test('sync reports a refusal by the upstream in one line without the token', async () => {
  const name = await account();
  const args = ['sync', '--from', server.url, '--token', 'wrong-key', '--account', name];
  const { status, stderr } = await at(local, args);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^flowgate: [^\n]+ 401 [^\n]+\n$/);
  expect(stderr).not.toContain('wrong-key');

  const unreachable = await sync(name, 'http://127.0.0.1:1');
  expect(unreachable.status).toBe(1);
  expect(unreachable.stderr).toMatch(/^flowgate: [^\n]+127\.0\.0\.1:1[^\n]+\n$/);
});

test.each([
  ['--from', 'ftp://example.com'],
  ['--look-back', 'a week'],
])('sync exits 2 on a wrong %s', async (option, value) => {
  const args = ['sync', '--from', server.url, '--token', 'x', '--account', 'a', option, value];
  const { status, stderr } = await at(local, args);
  expect(status).toBe(2);
  expect(stderr).toContain(option);
});
