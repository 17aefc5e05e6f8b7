import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NewPing } from '../../../src/domain/pings/pings.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const REJECT = { onConflict: 'REJECT' as const };
const OVERWRITE = { onConflict: 'OVERWRITE' as const };
const AT = Date.UTC(2024, 4, 1);

describe('recording pings', () => {
  let telemetry: Telemetry;
  let sensor: number;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  const ping = (second: number, flowrate: number, sensorId = sensor): NewPing => ({
    sensorId,
    datetime: new Date(AT + second * 1000),
    flowrate,
  });
  const fresh = async () => (sensor = await telemetry.newSensor());
  const stored = async (sensorId = sensor) =>
    (
      await telemetry.test.database.pool.query<{ at: Date; flowrate: number; id: string }>(
        'SELECT datetime AS at, flowrate, id FROM ping WHERE sensor_id = $1 ORDER BY datetime',
        [sensorId],
      )
    ).rows.map(({ at, flowrate, id }) => ({ second: (at.getTime() - AT) / 1000, flowrate, id }));
  const record = (pings: NewPing[], options: { onConflict: 'REJECT' | 'OVERWRITE' } = REJECT) =>
    telemetry.pings.record(telemetry.principal, pings, options);

  test('a ping that is already stored with the same flowrate counts as a duplicate', async () => {
    await fresh();
    expect(await record([ping(1, 5), ping(2, 6)])).toEqual({ recorded: 2, duplicates: 0 });
    expect(await record([ping(2, 6), ping(3, 7)])).toEqual({ recorded: 1, duplicates: 1 });
    expect(await record([ping(4, 1), ping(4, 1)])).toEqual({ recorded: 1, duplicates: 1 });
    expect((await stored()).map(({ second }) => second)).toEqual([1, 2, 3, 4]);
  });

  test('nothing is recorded where a ping is stored with another flowrate, and the conflict has the stored one', async () => {
    await fresh();
    await record([ping(1, 5)]);
    await expect(record([ping(0, 1), ping(1, 6)])).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'One ping is already stored with another flowrate; nothing was recorded.',
      conflicts: [{ index: 1, sensorId: sensor, datetime: new Date(AT + 1000), flowrate: 5 }],
    });
    expect(await stored()).toHaveLength(1);
  });

  test('two flowrates for one instant within a request are refused, and both pings are named', async () => {
    await fresh();
    await expect(record([ping(0, 1), ping(1, 5), ping(1, 5), ping(1, 6)])).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'The request itself gives one instant of a sensor different flowrates, at index 1 and 3; nothing was recorded.',
      conflicts: [{ index: 3, flowrate: 5 }],
    });
    expect(await stored()).toEqual([]);
  });

  test('a request of many parts is recorded whole, corrects what is stored, and conflicts as a short one does', async () => {
    await fresh();
    const many = Array.from({ length: 10_000 }, (_, second) => ping(second, 1 + (second % 7)));
    expect(await record(many)).toEqual({ recorded: 10_000, duplicates: 0 });
    expect(await record([...many, ping(10_000, 1)])).toMatchObject({ duplicates: 10_000 });
    await expect(record([...many, ping(20_000, 1), ping(9999, 0)])).rejects.toMatchObject({
      conflicts: [{ index: 10_001, flowrate: 1 + (9999 % 7) }],
    });
    const corrected = many.map((each) => ({ ...each, flowrate: each.flowrate * 2 }));
    expect(await record(corrected, OVERWRITE)).toEqual({ recorded: 10_000, duplicates: 0 });
    const flowrates = corrected.map(({ flowrate }) => flowrate);
    expect((await stored()).map(({ flowrate }) => flowrate)).toEqual([...flowrates, 1]);
    expect(await telemetry.summaries.check(sensor)).toEqual([]);
  });

  test('one message distinguishes a clash within a request from conflicts with stored pings', async () => {
    await fresh();
    await record([ping(0, 1), ping(9, 1)]);
    const clashes = Array.from({ length: 7 }, (_, index) => ping(5, 10 + index));
    await expect(record([ping(0, 2), ping(9, 2), ...clashes])).rejects.toMatchObject({
      message:
        '2 pings are already stored with another flowrate, and the request itself gives one instant of a sensor ' +
        'different flowrates, at index 2 and 3, 2 and 4, 2 and 5, 2 and 6, 2 and 7 and 1 more; nothing was recorded.',
      conflicts: { length: 8 },
    });
  });

  test('an overwritten ping keeps its id, and the history keeps the value that was replaced', async () => {
    await fresh();
    await record([ping(1, 5), ping(2, 5)]);
    const [before] = await stored();
    expect(
      await telemetry.pings.record(telemetry.principal, [ping(1, 8), ping(2, 5), ping(3, 9)], {
        ...OVERWRITE,
        comment: 'meter recalibrated',
      }),
    ).toEqual({ recorded: 2, duplicates: 1 });
    expect(await stored()).toMatchObject([
      { second: 1, flowrate: 8, id: before?.id },
      { second: 2, flowrate: 5 },
      { second: 3, flowrate: 9 },
    ]);
    const revisions = await telemetry.test.database.prisma.pingRevision.findMany({
      where: { sensorId: sensor },
    });
    expect(revisions).toMatchObject([
      {
        datetime: new Date(AT + 1000),
        oldFlowrate: 5,
        newFlowrate: 8,
        revisedBy: 'operator',
        comment: 'meter recalibrated',
      },
    ]);
  });

  test('the last flowrate of an instant counts within an overwriting request', async () => {
    await fresh();
    expect(await record([ping(1, 5), ping(1, 6)], OVERWRITE)).toEqual({
      recorded: 2,
      duplicates: 0,
    });
    expect(await stored()).toMatchObject([{ second: 1, flowrate: 6 }]);
    expect(
      await telemetry.test.database.prisma.pingRevision.count({ where: { sensorId: sensor } }),
    ).toBe(0);
  });

  test('every bad ping of a request is named by its index and field', async () => {
    await fresh();
    const tomorrow = new Date(Date.now() + 24 * 3_600_000 + 60_000);
    await expect(
      record([ping(0, 1), ping(1, 2e15), ping(2, 1e-31), { ...ping(0, NaN), datetime: tomorrow }]),
    ).rejects.toMatchObject({
      errors: [
        {
          path: [1, 'flowrate'],
          message: 'Must be 0 or of magnitude 1e-30 to 1e15; got 2000000000000000.',
        },
        { path: [2, 'flowrate'] },
        { path: [3, 'flowrate'] },
        { path: [3, 'datetime'] },
      ],
    });
    await expect(record([ping(0, 1), ping(0, 1, 2_000_000_000)])).rejects.toMatchObject({
      errors: [{ path: [1, 'sensor_id'], message: 'There is no flow sensor 2000000000.' }],
    });
    expect(await stored()).toEqual([]);
  });

  test("a ping of another account's sensor is refused like one of a sensor that does not exist", async () => {
    const other = await telemetry.newAccount('other');
    const theirs = await telemetry.newSensor(3600, other);
    await expect(record([ping(0, 1, theirs)])).rejects.toMatchObject({
      errors: [{ path: [0, 'sensor_id'] }],
    });
    await expect(
      telemetry.pings.delete(
        telemetry.principal,
        theirs,
        { start: new Date(AT), end: new Date(AT + 1) },
        { dryRun: true },
      ),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a ping sent after another was acknowledged gets the larger id', async () => {
    await fresh();
    await record([ping(9, 1)]);
    await record([ping(5, 1)]);
    const [later, earlier] = await stored();
    expect(BigInt(later?.id ?? 0)).toBeGreaterThan(BigInt(earlier?.id ?? 0));
  });

  test('a deletion of [start, end) keeps what was deleted in the history, and a dry run only counts', async () => {
    await fresh();
    await record([ping(1, 5), ping(2, 6), ping(3, 7)]);
    const range = { start: new Date(AT + 1000), end: new Date(AT + 3000) };
    const remove = (dryRun: boolean) =>
      telemetry.pings.delete(telemetry.principal, sensor, range, { dryRun, comment: 'test rig' });
    expect(await remove(true)).toBe(2);
    expect(await stored()).toHaveLength(3);
    expect(await remove(false)).toBe(2);
    expect(await remove(false)).toBe(0);
    expect(await stored()).toMatchObject([{ second: 3 }]);
    expect(
      await telemetry.test.database.prisma.pingRevision.findMany({
        where: { sensorId: sensor },
        orderBy: { id: 'asc' },
      }),
    ).toMatchObject([
      { oldFlowrate: 5, newFlowrate: null, comment: 'test rig' },
      { oldFlowrate: 6, newFlowrate: null },
    ]);
  });

  test('the last ping is the newest by datetime, not by arrival, also after a deletion', async () => {
    await fresh();
    await record([ping(500, 1)]);
    await record([ping(100, 2)]);
    const last = async () =>
      (await telemetry.pings.last(telemetry.principal, [sensor])).get(sensor)?.flowrate;
    expect(await last()).toBe(1);
    const range = { start: new Date(AT + 500_000), end: new Date(AT + 500_001) };
    await telemetry.pings.delete(telemetry.principal, sensor, range, { dryRun: false });
    expect(await last()).toBe(2);
  });

  test('50 parallel writers to the same and different sensors, and the same instants, record every ping once', async () => {
    const sensors = await Promise.all([1, 2, 3].map(() => telemetry.newSensor()));
    const writers = Array.from({ length: 50 }, (_, writer) =>
      // Each begins elsewhere, so that writers meet in every order.
      Array.from({ length: 60 }, (_, step) => {
        const second = (step * 7 + writer * 11) % 120;
        return ping(second * 61, second, sensors[(step + writer) % 3]);
      }),
    );
    const unique = new Set(writers.flat().map((p) => `${p.sensorId} ${p.datetime.getTime()}`));
    const answers = await Promise.all(writers.map((pings) => record(pings)));
    expect(answers.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(unique.size);
    const recorded = await Promise.all(sensors.map((id) => stored(id)));
    expect(recorded.flat()).toHaveLength(unique.size);
    for (const id of sensors) expect(await telemetry.summaries.check(id)).toEqual([]);
  });

  test('a request that conflicts fails without its neighbours', async () => {
    await fresh();
    await record([ping(0, 1)]);
    const answers = await Promise.allSettled([
      record([ping(1, 1)]),
      record([ping(2, 1), ping(0, 2)]),
      record([ping(3, 1)]),
      record([ping(3, 1)]),
      record([ping(3, 4)]),
    ]);
    const isFulfilled = answers.map(({ status }) => status === 'fulfilled');
    expect(isFulfilled).toEqual([true, false, true, true, false]);
    expect((await stored()).map(({ second }) => second)).toEqual([0, 1, 3]);
  });

  test('summaries that grew with each change are to the last bit those that are rebuilt', async () => {
    await fresh();
    const summaries = async () => {
      const { rows } = await telemetry.test.database.pool.query<{ summary: string }>(
        `SELECT (to_jsonb(s) - '{before_last, before_last_written_by}'::text[])::text AS summary
         FROM ping_summary s WHERE sensor_id = $1 ORDER BY level, start`,
        [sensor],
      );
      return rows;
    };
    const rebuilt = async () => {
      await telemetry.summaries.rebuild(sensor);
      return summaries();
    };
    const bad = (each: NewPing): NewPing => ({ ...each, quality: 'BAD' });
    const value = (index: number) => Math.sin(index) * 1000;
    const changes: NewPing[][] = [
      ...Array.from({ length: 40 }, (_, index) => [
        ping(index * 211, value(index)),
        ping(index * 211 + 7, value(-index)),
      ]),
      [bad(ping(8500, 5)), ping(8600, 0.1)],
      [bad(ping(8700, 0.3))],
      // corrections of the last reading and of a bad one; then late readings
      [ping(8600, 0.7)],
      [ping(8700, 0.3)],
      [ping(3599.5, 0.2), ping(3600, 0.4), ping(90_000, 1 / 3)],
      [ping(90_001, 1 / 7), ping(90_000.5, 2 / 3)],
      [bad(ping(90_001, 1 / 7))],
      [ping(90_002, 1 / 9)],
    ];
    for (const change of changes) await record(change, OVERWRITE);
    const grown = await summaries();
    expect(grown).toHaveLength(8);
    expect(grown).toEqual(await rebuilt());
  });

  test('summaries that differ from their pings are found and rebuilt', async () => {
    await fresh();
    await record(Array.from({ length: 200 }, (_, index) => ping(index * 1000, index)));
    const { database } = telemetry.test;
    await database.pool.query(
      `UPDATE ping_summary SET measured_linear_volume = measured_linear_volume * 1.001 WHERE sensor_id = $1 AND level = 1`,
      [sensor],
    );
    await database.pool.query(
      `DELETE FROM ping_summary WHERE sensor_id = $1 AND level = 0
         AND start = (SELECT min(start) FROM ping_summary WHERE sensor_id = $1 AND level = 0)`,
      [sensor],
    );
    const levels = (await telemetry.summaries.check(sensor)).map(({ level }) => level);
    expect(levels).toEqual(['hour', 'day', 'day', 'day', 'block']);
    await telemetry.summaries.rebuild(sensor);
    expect(await telemetry.summaries.check(sensor)).toEqual([]);
  });
});
