import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SensorStore } from '../../src/storage/sensors/sensor-store.js';
import { CRASHES, CrashingServer, type Crash } from '../helpers/crashing-server.js';
import { createTestDomain } from '../helpers/domain.js';
import { exactVolume, type Reading } from '../helpers/exact-volume.js';
import { createTenant, type Tenant } from '../helpers/graphql.js';
import { toDouble } from '../helpers/rational.js';
import { flowgate } from './flowgate.js';

// The limit of the test is for a hang: a round starts up to two processes, each of which takes
// seconds of the processor, and ten times that where others have it too.
const ROUNDS = Number(process.env.FLOWGATE_TEST_CRASHES ?? CRASHES.length);
const SENSORS = 3;
const WRITERS = 8;
const MOST_PINGS = 20;
const ORIGIN = Date.parse('2024-03-01T00:00:00Z');
const MINUTE = 60_000;

interface Posted extends Reading {
  readonly sensorId: number;
}

let directory: string;
let server: CrashingServer;
let tenant: Tenant;
let over: AbortController;
let sensors: number[];

beforeEach(async () => {
  over = new AbortController();
  directory = await mkdtemp(path.join(tmpdir(), 'flowgate-crash-'));
  server = new CrashingServer(path.join(directory, 'data'));
  await server.withDatabase(async (database) => {
    tenant = await createTenant({ database } as never, 'ours');
    const { accountId } = tenant.principal;
    sensors = [];
    for (let index = 0; index < SENSORS; index++) {
      sensors.push((await new SensorStore(database).create(accountId, { name: 'Sensor' })).id);
    }
  });
});

afterEach(async () => {
  over.abort();
  server.kill();
  await rm(directory, { recursive: true, force: true });
});

test(
  'every acknowledged ping outlives kill -9 of the server, the database and both under load, once and whole',
  async () => {
    const acknowledged: Posted[] = [];
    let writing = true;
    let heard = (): void => undefined;

    const writer = async (number: number) => {
      for (let turn = 0; writing; turn++) {
        const pings = pingsOf(number, turn);
        await retryOnConflict(pings);
        acknowledged.push(...pings);
        heard();
      }
    };
    const acknowledgements = async (count: number) => {
      for (let left = count; left > 0; left--) {
        await new Promise<void>((resolve) => (heard = resolve));
      }
    };

    server.start();
    const writers = Array.from({ length: WRITERS }, (_, number) => writer(number));
    const failed = Promise.all(writers);
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.race([failed, acknowledgements(randomInt(5, 60))]);
      // A random moment within the work under way.
      await sleep(randomInt(0, 20));
      await server.crash(CRASHES[round % CRASHES.length] as Crash);
    }
    await Promise.race([failed, acknowledgements(WRITERS)]);
    writing = false;
    await failed;
    expect(await server.stop()).toBe(0);

    await expectFigures(acknowledged);
    expect(await flowgate(server.environment, ['rollup', 'check'])).toMatchObject({ status: 0 });
  },
  300_000 + ROUNDS * 60_000,
);

/**
 * Each turn has minutes of its own, far from the last ones, so that many come late; whole flowrates
 * add up exactly.
 */
function pingsOf(writer: number, turn: number): Posted[] {
  const count = randomInt(1, MOST_PINGS);
  const place = ((turn * 37) % 1000) * WRITERS + writer + Math.floor(turn / 1000) * 1000 * WRITERS;
  return Array.from({ length: count }, (_, index) => ({
    sensorId: sensors[(turn + index) % SENSORS]!,
    at: ORIGIN + (place * MOST_PINGS + index) * MINUTE,
    flowrate: randomInt(-50, 50),
  }));
}

/**
 * Sends a request until it is acknowledged. One that was cut off was recorded whole or not at all.
 */
async function retryOnConflict(pings: readonly Posted[]): Promise<void> {
  const lines = pings.map(({ sensorId, at, flowrate }) =>
    JSON.stringify({ sensor_id: sensorId, flowrate, datetime: new Date(at).toISOString() }),
  );
  const isArray = randomInt(2) === 0;
  const type = isArray ? 'application/json' : 'application/x-ndjson';
  const body = isArray ? `[${lines.join()}]` : lines.join('\n');
  for (;;) {
    // A test that failed leaves writers behind, who would try for ever.
    over.signal.throwIfAborted();
    const answer = await server.post('pings/', tenant.ingester, type, body);
    if (answer?.status === 201) {
      expect([
        `{"recorded":${pings.length},"duplicates":0}`,
        `{"recorded":0,"duplicates":${pings.length}}`,
      ]).toContain(answer.text);
      return;
    }
    expect([undefined, 503]).toContain(answer?.status);
    await sleep(20);
  }
}

async function expectFigures(acknowledged: readonly Posted[]): Promise<void> {
  await server.withDatabase(async (database) => {
    const { rows } = await database.pool.query<Posted & { id: string }>(
      `SELECT sensor_id AS "sensorId", date_part('epoch', datetime) * 1000 AS at, flowrate, id FROM ping
       ORDER BY sensor_id, datetime`,
    );
    const sorted = [...acknowledged].sort((a, b) => a.sensorId - b.sensorId || a.at - b.at);
    expect(rows.map(({ sensorId, at, flowrate }) => ({ sensorId, at, flowrate }))).toEqual(sorted);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);

    const volumes = createTestDomain(database).volumes;
    const end = ORIGIN + 1000 * WRITERS * MOST_PINGS * MINUTE;
    for (const [start, stop] of [
      [ORIGIN, end],
      [ORIGIN + 90_061_007, end - 7_000_001],
    ] as const) {
      const range = { start: new Date(start), end: new Date(stop) };
      const figures = await volumes.ofRange(tenant.principal, sensors, range, 'LINEAR');
      for (const sensorId of sensors) {
        const own = sorted.filter((ping) => ping.sensorId === sensorId);
        const exact = exactVolume(own, start, stop, 'LINEAR', () => 3600);
        const scale = toDouble(exact.absolute);
        const { volume, pingCount } = figures.get(sensorId)!;
        expect(Math.abs(volume - toDouble(exact.volume))).toBeLessThanOrEqual(1e-9 * scale);
        expect(pingCount).toBe(own.filter(({ at }) => at >= start && at < stop).length);
      }
    }
  });
}
