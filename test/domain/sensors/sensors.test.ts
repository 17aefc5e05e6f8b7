import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
} from '../../../src/domain/shared/errors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { Sensors, silentSince } from '../../../src/domain/sensors/sensors.js';
import { SensorStore } from '../../../src/storage/sensors/sensor-store.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

let telemetry: Telemetry;
let sensors: Sensors;
let other: Principal;
beforeAll(async () => {
  telemetry = await createTelemetry();
  sensors = new Sensors(new SensorStore(telemetry.test.database));
  other = await telemetry.newAccount('other');
});
afterAll(() => telemetry.test.drop());

const faultsOf = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidInputError);
  return (error as InvalidInputError).errors.map(({ path }) => path.join('.'));
};

describe('A flow sensor', () => {
  test('a sensor belongs to one account and does not exist for others', async () => {
    const { id } = await sensors.create(telemetry.principal, { name: 'mine' });
    expect((await sensors.find(telemetry.principal, [id])).get(id)?.name).toBe('mine');
    expect(await sensors.find(other, [id])).toEqual(new Map());
    await expect(sensors.require(other, id)).rejects.toThrow(NotFoundError);
    await expect(sensors.update(other, id, { name: 'theirs' })).rejects.toThrow(NotFoundError);
    expect(await sensors.selected(other, { ids: [id] }, new Date())).toEqual([]);
    await expect(sensors.delete(other, id)).rejects.toThrow(NotFoundError);
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 31, 2 ** 53])(
    'a sensor with the id %p does not exist',
    async (id) => {
      await expect(sensors.require(telemetry.principal, id)).rejects.toThrow(NotFoundError);
      await expect(sensors.update(telemetry.principal, id, {})).rejects.toThrow(NotFoundError);
      expect(await sensors.count(telemetry.principal, { ids: [id] })).toBe(0);
    },
  );

  test('a new sensor has its summary of all pings, which is what writers lock', async () => {
    const { id } = await sensors.create(telemetry.principal, { name: 'new' });
    const { rows } = await telemetry.test.database.pool.query(
      'SELECT level, ping_count, start::text FROM ping_summary WHERE sensor_id = $1',
      [id],
    );
    expect(rows).toEqual([{ level: 3, ping_count: '0', start: '0001-01-01 00:00:00+00' }]);
  });

  test('a sensor keeps what is known of it to the bit', async () => {
    const known = {
      name: 'ﬁne 😀',
      latitude: 0.1 + 0.2,
      longitude: -179.999999999999,
      pipeDiameter: Number.MIN_VALUE,
      activatedAt: new Date('0099-12-31T23:59:59.999Z'),
      maxGap: 2 ** 31 - 1,
    };
    const { id } = await sensors.create(telemetry.principal, known);
    expect(await sensors.require(telemetry.principal, id)).toMatchObject(known);
    expect(await sensors.update(telemetry.principal, id, { maxGap: 60 })).toMatchObject({
      ...known,
      maxGap: 60,
    });
  });

  test('every rule that a sensor breaks is reported', async () => {
    const bad = {
      name: ' x',
      latitude: NaN,
      longitude: -Infinity,
      pipeDiameter: Infinity,
      activatedAt: new Date(NaN),
      maxGap: 1.5,
    };
    expect(await faultsOf(sensors.create(telemetry.principal, bad))).toEqual(Object.keys(bad));
    const { id } = await sensors.create(telemetry.principal, { name: 'x' });
    expect(await faultsOf(sensors.update(telemetry.principal, id, { ...bad, name: null }))).toEqual(
      Object.keys(bad),
    );
  });

  test('reading sensors needs the scope READ, and changing them ADMIN', async () => {
    const may = (scope: 'READ' | 'INGEST'): Principal => ({
      ...telemetry.principal,
      scopes: new Set([scope]),
    });
    const { id } = await sensors.create(telemetry.principal, { name: 'x' });
    await expect(sensors.find(may('INGEST'), [id])).rejects.toThrow(ForbiddenError);
    await expect(sensors.count(may('INGEST'), {})).rejects.toThrow(ForbiddenError);
    await expect(sensors.create(may('READ'), { name: 'x' })).rejects.toThrow(ForbiddenError);
    await expect(sensors.update(may('READ'), id, {})).rejects.toThrow(ForbiddenError);
  });

  test('two simultaneous changes of different fields of a sensor are both kept', async () => {
    const { id } = await sensors.create(telemetry.principal, { name: 'both' });
    await Promise.all([
      sensors.update(telemetry.principal, id, { latitude: 1 }),
      sensors.update(telemetry.principal, id, { longitude: 2 }),
      sensors.update(telemetry.principal, id, { maxGap: 3 }),
    ]);
    expect(await sensors.require(telemetry.principal, id)).toMatchObject({
      latitude: 1,
      longitude: 2,
      maxGap: 3,
    });
  });
});

describe('A sensor is silent', () => {
  const sensor = { maxGap: 60 } as Parameters<typeof silentSince>[0];
  const at = (seconds: number) => new Date(seconds * 1000);
  test.each([
    ['never before its first ping', undefined, undefined],
    ['only when its last ping is longer ago than maxGap', at(40), undefined],
    ['since its last ping when that is longer ago than maxGap', at(39), at(39)],
    ['not when its last ping is ahead', at(200), undefined],
  ])('a sensor is silent %s', (_, last, expected) => {
    expect(silentSince(sensor, last, at(100))).toEqual(expected);
  });
});
