import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewPing, Recorded } from '../../../src/domain/pings/pings.js';
import { Sensors } from '../../../src/domain/sensors/sensors.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { SensorHolder } from '../../helpers/sensor-holder.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const AT = Date.parse('2024-05-01T00:00:00Z');
const REJECT = { onConflict: 'REJECT' as const };
const ONE = { recorded: 1, duplicates: 0 };
// More than a process has groups under way, and transactions of a kind.
const MANY = 10;

describe('while a long transaction locks a sensor', () => {
  let telemetry: Telemetry;
  let busy: number;
  let free: number;
  let holder: SensorHolder;

  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  beforeEach(async () => {
    [busy, free] = [await telemetry.newSensor(), await telemetry.newSensor()];
    holder = await SensorHolder.of(telemetry.test.connection, busy);
  });
  afterEach(async () => {
    if (holder.isHolding) await holder.release();
  });
  afterAll(() => telemetry.test.drop());

  const ping = (second: number, sensorId: number): NewPing => ({
    sensorId,
    datetime: new Date(AT + second * 1000),
    flowrate: second,
  });
  const record = (pings: NewPing[], principal: Principal = telemetry.principal) =>
    telemetry.pings.record(principal, pings, REJECT);
  /** The database has answered: what came before is on its way there. */
  const roundTrip = () => telemetry.test.database.pool.query('SELECT');
  /** One after the other, so that they do not share a transaction. */
  const recordApart = async (requests: NewPing[][]) => {
    const answers: Promise<Recorded>[] = [];
    for (const pings of requests) {
      answers.push(record(pings));
      await roundTrip();
    }
    return answers;
  };
  const seconds = async (sensorId: number) => {
    const { rows } = await telemetry.test.database.pool.query<{ at: Date }>(
      'SELECT datetime AS at FROM ping WHERE sensor_id = $1 ORDER BY datetime',
      [sensorId],
    );
    return rows.map(({ at }) => (at.getTime() - AT) / 1000);
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  test('pings of a locked sensor wait and are recorded once each afterwards, and those of other sensors are recorded at once', async () => {
    const waiting = await recordApart(upTo(MANY).map((second) => [ping(second, busy)]));
    expect(await record([ping(0, free)])).toEqual(ONE);
    expect([holder.isHolding, await seconds(busy), await seconds(free)]).toEqual([true, [], [0]]);

    await holder.release();
    expect(await Promise.all(waiting)).toEqual(upTo(MANY).map(() => ONE));
    expect(await seconds(busy)).toEqual(upTo(MANY));
    expect(await telemetry.summaries.check(busy)).toEqual([]);
    expect(await record([ping(0, busy)])).toEqual({ recorded: 0, duplicates: 1 });
  });

  test('requests that came together with a ping of a locked sensor do not wait with it', async () => {
    const mixed = record([ping(1, busy), ping(1, free)]);
    const waiting = record([ping(2, busy)]);
    expect(await record([ping(2, free)])).toEqual(ONE);
    expect(await record([ping(3, free)])).toEqual(ONE);
    expect([holder.isHolding, await seconds(busy), await seconds(free)]).toEqual([
      true,
      [],
      [2, 3],
    ]);

    await holder.release();
    expect(await Promise.all([mixed, waiting])).toEqual([{ recorded: 2, duplicates: 0 }, ONE]);
    expect([await seconds(busy), await seconds(free)]).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
  });

  test('a conflict among the requests that wait for a locked sensor fails alone', async () => {
    const waiting = await recordApart([
      [ping(1, busy)],
      [{ ...ping(1, busy), flowrate: 9 }, ping(2, free)],
      [ping(3, busy)],
    ]);
    const settled = Promise.allSettled(waiting);
    await holder.release();
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect([await seconds(busy), await seconds(free)]).toEqual([[1, 3], []]);
  });

  test.each(['of the same account', 'of another account'])(
    'pings of another locked sensor, %s, wait for that sensor alone',
    async (whose) => {
      const principal =
        whose === 'of the same account' ? telemetry.principal : await telemetry.newAccount('other');
      const second = await telemetry.newSensor(3600, principal);
      const first = await recordApart(upTo(MANY).map((second) => [ping(second, busy)]));
      const other = await SensorHolder.of(telemetry.test.connection, second);
      const waiting = upTo(MANY).map((at) => record([ping(at, second)], principal));
      await roundTrip();
      await other.release();
      expect(await Promise.all(waiting)).toEqual(upTo(MANY).map(() => ONE));
      expect([holder.isHolding, await seconds(busy)]).toEqual([true, []]);
      await holder.release();
      await Promise.all(first);
    },
  );

  test('deletions and changes that wait for a locked sensor delay nothing else', async () => {
    const { database } = telemetry.test;
    const sensors = new Sensors(telemetry.sensors);
    const range = { start: new Date(AT), end: new Date(AT + 5000) };
    const remove = (sensorId: number) =>
      telemetry.pings.delete(telemetry.principal, sensorId, range, { dryRun: false });
    const deletions = upTo(MANY).map(() => remove(busy));
    const changes = upTo(MANY).map((maxGap) =>
      sensors.update(telemetry.principal, busy, { maxGap: 60 + maxGap }),
    );
    await roundTrip();
    expect(await record([ping(1, free)])).toEqual(ONE);
    expect(await remove(free)).toBe(1);
    expect((await sensors.update(telemetry.principal, free, { maxGap: 5 })).maxGap).toBe(5);
    expect(holder.isHolding).toBe(true);

    await holder.release();
    expect(await Promise.all(deletions)).toEqual(upTo(MANY).map(() => 0));
    const { maxGap } = (await database.prisma.flowSensor.findUnique({ where: { id: busy } }))!;
    expect((await Promise.all(changes)).map((change) => change.maxGap)).toContain(maxGap);
  });

  test("another account's locked sensor is refused at once, like one that does not exist", async () => {
    const stranger = await telemetry.newAccount('stranger');
    const waiting = record([ping(1, busy)]);
    await holder.awaited();
    for (const sensorId of [2_000_000_000, busy]) {
      await expect(record([ping(1, sensorId)], stranger)).rejects.toMatchObject({
        errors: [{ path: [0, 'sensor_id'] }],
      });
    }
    expect(holder.isHolding).toBe(true);
    await holder.release();
    expect(await waiting).toEqual(ONE);
  });

  test('pings of a sensor that is unlocked again do not wait with those of a locked one', async () => {
    const second = await telemetry.newSensor();
    const other = await SensorHolder.of(telemetry.test.connection, second);
    const first = record([ping(0, busy)]);
    const before = record([ping(0, second)]);
    await holder.awaited();
    await other.release();
    const during = await recordApart(upTo(MANY).map((at) => [ping(at + 1, second)]));
    expect(await Promise.all([before, ...during])).toEqual(upTo(MANY + 1).map(() => ONE));
    expect([holder.isHolding, await seconds(second)]).toEqual([true, upTo(MANY + 1)]);
    await holder.release();
    expect(await first).toEqual(ONE);
  });
});
