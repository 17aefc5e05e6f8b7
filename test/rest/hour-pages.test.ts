import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, createServerWorld, token, type World } from '../helpers/server.js';

const HOUR = 3_600_000;
const START = Date.parse('2024-02-03T04:05:06.789Z');

/** Every 25 minutes or so, now and then none for a day; reverse flow among them. */
const READINGS = Array.from({ length: 1500 }, (_, index) => ({
  at: START + index * 1_512_345 + Math.floor(index / 200) * 26 * HOUR,
  flowrate: ((index * 7919) % 20_011) / 10 - 300,
}));

let world: World;
let sensor: number;

beforeAll(async () => {
  world = await createServerWorld();
  const { services } = world.server;
  sensor = (await services.sensors.create(world.ours.principal, { name: 'Ü "1"' })).id;
  const pings = READINGS.map(({ at, flowrate }) => ({
    sensorId: sensor,
    datetime: new Date(at),
    flowrate,
  }));
  await services.pings.record(world.ours.principal, pings, { onConflict: 'REJECT' });
});

afterAll(() => world.close());

describe('Pages of hours', () => {
  test('a page of hours has each hour’s volume in its place, and 0 where there is no data', async () => {
    const [start, end] = [START - 300 * HOUR - 123, START + 1000 * HOUR + 456];
    const range = [start, end].map((time) => new Date(time).toISOString()).join('/');
    const hours: { start: string; end: string; flow_volume: number }[] = [];
    for (const page of [1, 2]) {
      const { body } = await call(
        world.server.url,
        `/api/v1/flow_sensors/${sensor}/flow_volume_hours/${range}/?page=${page}`,
        { headers: token(world.ours.reader) },
      );
      hours.push(...body.results);
    }
    const { volumes } = world.server.services;
    const calendar = { interval: 'HOUR', timeZone: 'UTC', dayStart: '00:00' } as const;
    const bounds = { start: new Date(start), end: new Date(end) };
    const { principal } = world.ours;
    const found = await volumes.ofCalendar(principal, [sensor], bounds, calendar, 'LINEAR');
    const expected = found.get(sensor)!.map((hour) => ({
      flow_volume: expect.closeTo(hour.volume, 6),
      start: text(hour.start),
      end: text(hour.end),
    }));
    expect(hours).toEqual(
      expected.reverse().map((hour) => ({ sensor_id: sensor, sensor_name: 'Ü "1"', ...hour })),
    );
    expect(hours.filter(({ flow_volume }) => flow_volume === 0).length).toBeGreaterThan(290);
  });
});

function text(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z');
}
