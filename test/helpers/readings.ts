import { afterAll, beforeAll } from '@jest/globals';
import { call, createServerWorld, token, type Reply, type World } from './server.js';

export const NOT_FOUND = { status: 404, body: { detail: 'Not found.' } };
export const WRONG_DATETIME =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';

export interface Readings {
  readonly world: World;
  /** three pings on 2019-02-05, all fields known */
  readonly sensor: number;
  /** no ping, no field known */
  readonly empty: number;
  readonly theirSensor: number;
}

/** What a file's tests read, there from before its first to after its last one. */
export function readings(): {
  of: () => Readings;
  get: (path: string, headers?: Record<string, string>) => Promise<Reply>;
} {
  let found: Readings;
  beforeAll(async () => {
    found = await createReadings();
  });
  afterAll(() => found.world.close());
  return {
    of: () => found,
    get: (path, headers = {}) =>
      call(found.world.server.url, `/api/v1/${path}`, {
        headers: { ...token(found.world.ours.reader), ...headers },
      }),
  };
}

async function createReadings(): Promise<Readings> {
  const world = await createServerWorld();
  const { services } = world.server;
  const { principal } = world.ours;
  const create = async (input: Parameters<typeof services.sensors.create>[1]) =>
    (await services.sensors.create(principal, input)).id;
  const sensor = await create({
    name: 'Sensor "1" ünï',
    latitude: 29.760435,
    longitude: -95.3698,
    pipeDiameter: 14.64,
    activatedAt: new Date('2019-01-01T00:00:00.5Z'),
  });
  const empty = await create({ name: 'Sensor 2' });
  const theirSensor = (await services.sensors.create(world.theirs.principal, { name: 'Theirs' }))
    .id;
  const at = (datetime: string, flowrate: number, sensorId = sensor) => ({
    sensorId,
    datetime: new Date(datetime),
    flowrate,
  });
  await services.pings.record(
    principal,
    [
      at('2019-02-05T19:00:00Z', 2400),
      at('2019-02-05T20:00:00.123Z', 0),
      at('2019-02-05T21:00:00Z', -2400.25),
    ],
    { onConflict: 'REJECT' },
  );
  await services.pings.record(
    world.theirs.principal,
    [at('2019-02-05T19:00:00Z', 1, theirSensor)],
    { onConflict: 'REJECT' },
  );
  return { world, sensor, empty, theirSensor };
}
