import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { acquireEmbedded } from '../../src/storage/embedded/embedded.js';
import { flowgate, type Environment } from '../cli/flowgate.js';
import { CrashingServer, type Crash } from './crashing-server.js';
import { keyOf, Ledger } from './ledger.js';
import { Writer } from './writer.js';

const CRASHES = Number(process.env['FLOWGATE_TEST_CRASHES'] ?? 3);
const KINDS: readonly Crash[] = ['both', 'server', 'database'];
const WRITERS = 5;
const SENSORS = 3;

let folder: string;
let dataDir: string;
let environment: Environment;
let server: CrashingServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-crash-'));
  dataDir = path.join(folder, 'data');
  environment = {
    FLOWGATE_DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    FLOWGATE_DEMO: 'false',
    RATE_LIMIT: '0',
  };
  server = new CrashingServer(environment, dataDir);
  await server.start();
});

afterAll(async () => {
  await server.end('SIGKILL');
  await (await acquireEmbedded(dataDir)).release();
  await rm(folder, { recursive: true });
});

async function command(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await flowgate(environment, args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout.trim();
}

async function storedPings(): Promise<Record<string, number>> {
  const [, ...rows] = (await command('export', '--account', 'plant')).split('\n');
  const pings = rows.map((row) => row.split(','));
  const held = pings.map(([id, , at, flowrate]) => [keyOf(id!, at!), Number(flowrate)] as const);
  expect(new Set(held.map(([key]) => key)).size).toBe(held.length);
  return Object.fromEntries(held);
}

async function storedRevisions(): Promise<Record<string, [number, number][]>> {
  const embedded = await acquireEmbedded(dataDir);
  const client = new pg.Client(embedded.connection);
  await client.connect();
  const { rows } = await client.query<{ id: number; at: Date; old: number; now: number }>(
    `SELECT sensor_id AS id, datetime AS at, old_flowrate AS old, new_flowrate AS now
     FROM ping_revision ORDER BY ping_revision.id`,
  );
  await client.end();
  await embedded.release();
  const revisions: Record<string, [number, number][]> = {};
  for (const { id, at, old, now } of rows) (revisions[keyOf(id, at)] ??= []).push([old, now]);
  return revisions;
}

test(
  'an acknowledged ping survives kill -9 of the server and of PostgreSQL, once and with its flowrate; summaries and history are right',
  async () => {
    await command('account', 'create', 'plant');
    const scope = ['--account', 'plant', '--name', 'writer', '--scope', 'admin'];
    const token = await command('token', 'create', ...scope);
    const sensorIds: number[] = [];
    for (let number = 0; number < SENSORS; number++) {
      sensorIds.push(Number(await command('sensor', 'create', 'S', '--account', 'plant')));
    }
    const ledger = new Ledger();
    const writers = Array.from(
      { length: WRITERS },
      (_, number) => new Writer({ server, ledger, token, sensorIds, number, writers: WRITERS }),
    );
    const running = Promise.all(writers.map((writer) => writer.run()));
    const failed = running.then(() => new Promise<never>(() => undefined));

    const crashes = async (): Promise<void> => {
      for (let number = 0; number < CRASHES; number++) {
        const before = ledger.size;
        while (ledger.size === before) await delay(10);
        await delay(randomInt(1000));
        await server.crash(KINDS[number % KINDS.length]!);
      }
      for (const writer of writers) writer.stop();
    };
    await Promise.race([crashes(), failed]);
    await running;
    expect(await server.end('SIGTERM')).toBe(0);

    expect(await storedPings()).toEqual(ledger.held());
    expect(await storedRevisions()).toEqual(ledger.revisions());
    await command('rollup', 'check');
  },
  60_000 + CRASHES * 20_000,
);
