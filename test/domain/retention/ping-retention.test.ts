import { describe, expect, test } from '@jest/globals';
import { asDomainError, InvalidInputError } from '../../../src/domain/shared/errors.js';
import {
  at,
  DAYS,
  HOURS,
  NOW,
  ORIGIN,
  range,
  RetentionWorld,
  THINNED_UNTIL,
} from '../../helpers/retention.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EDITED = { reasonCode: 'METER_ERROR', comment: null };
const FILLED = { method: 'LINEAR_INTERPOLATION', value: null } as const;

const world = new RetentionWorld();

describe('after older readings are thinned', () => {
  test('an instant within a thinned hour is named with the rule, and so is what as-of figures lack', async () => {
    const sensor = await world.newSensor();
    await world.recordMinutes(sensor, HOURS);
    await world.thin();
    const refusal = async (answer: Promise<unknown>) => {
      const error = asDomainError(await answer.catch((reason: unknown) => reason));
      expect(error).toBeInstanceOf(InvalidInputError);
      return (error as InvalidInputError).errors[0];
    };
    expect(await refusal(world.volume(sensor, HOUR / 2, 2 * HOUR))).toEqual({
      path: ['start'],
      message:
        'Must be a whole hour (UTC) before 2024-03-12T00:00:00Z, until when readings are thinned: the flow within an hour is no longer known; got 2024-03-09T22:30:00Z.',
    });
    expect(await refusal(world.volume(sensor, 0, HOUR / 2))).toMatchObject({ path: ['end'] });
    const calendar = { interval: 'DAY', timeZone: 'Asia/Kolkata', dayStart: '00:00' } as const;
    const days = world.domain.volumes.ofCalendar(
      ...([world.tenant.principal, [sensor], range(0, 48 * HOUR), calendar, 'LINEAR'] as const),
    );
    expect(await refusal(days)).toMatchObject({ path: ['dayStart'] });
    expect(await refusal(world.volume(sensor, 0, 2 * HOUR, 'LINEAR', NOW))).toMatchObject({
      path: ['asOf'],
    });
    // The clock of the database is a later one than the test's.
    await world.db.database.pool.query('UPDATE ping SET recorded_at = $2 WHERE sensor_id = $1', [
      ...[sensor, at(HOURS * HOUR)],
    ]);
    const late = [THINNED_UNTIL - ORIGIN + HOUR / 3, 55 * HOUR] as const;
    const now = await world.volume(sensor, ...late);
    expect((await world.volume(sensor, ...late, 'LINEAR', NOW)).volume).toBeCloseTo(now.volume, 6);
    await expect(
      world.domain.volumes.hourPage(world.tenant.principal, sensor, range(0, 60 * HOUR), 1),
    ).resolves.toMatchObject({ count: 60 });
  });

  test('totalizers go with their readings, and those of readings that stay are kept', async () => {
    const sensor = await world.newSensor();
    const pings = Array.from({ length: 60 * 60 }, (_, minute) => {
      return { sensorId: sensor, datetime: at(minute * MINUTE), flowrate: 1440, totalizer: minute };
    });
    await world.domain.pings.record(world.tenant.principal, pings, { onConflict: 'REJECT' });
    await world.thin();
    const { rows } = await world.db.database.pool.query<{ missing: number; left: number }>(
      `SELECT count(*) FILTER (WHERE t.totalizer IS NULL)::int AS missing,
         count(*) FILTER (WHERE p.id IS NULL)::int AS left
       FROM ping p FULL JOIN ping_totalizer t USING (sensor_id, datetime)
       WHERE sensor_id = $1`,
      [sensor],
    );
    expect(rows).toEqual([{ missing: 0, left: 0 }]);
    const of = async (start: number, end: number) =>
      (
        await world.domain.totalizerVolumes.of(world.tenant.principal, [
          await world.volume(sensor, start, end),
        ])
      )[0];
    expect(await of(0, 55 * HOUR)).toBeNull();
    const since = THINNED_UNTIL - ORIGIN;
    expect(await of(since, since + HOUR)).toMatchObject({ volume: 60, difference: 0 });
  });

  test('lists and counts begin where all readings are stored, and the last reading of a silent sensor stays', async () => {
    const [sensor, silent] = [await world.newSensor(), await world.newSensor()];
    await world.recordMinutes(sensor, HOURS);
    await world.recordMinutes(silent, 3);
    const whole = { order: 'OLDEST_FIRST', from: 'first', take: 1000 } as const;
    await world.thin();
    const left = HOURS * 60 - (THINNED_UNTIL - ORIGIN) / MINUTE;
    const counts = await world.domain.pings.counts(world.tenant.principal, [sensor, silent], {});
    expect([counts.get(sensor), counts.get(silent)]).toEqual([left, 0]);
    const some = { start: at(0), end: at(55 * HOUR - 1) };
    const inRange = await world.domain.pings.counts(world.tenant.principal, [sensor], some);
    expect(inRange.get(sensor)).toBe(5 * 60);
    const listed = (await world.domain.pings.windows(world.tenant.principal, [sensor], whole)).get(
      sensor,
    );
    expect(listed!.pings.length).toBe(left);
    const page = await world.domain.pings.page(world.tenant.principal, sensor, {}, 'last');
    expect([page.count, page.pings.length]).toEqual([left, left]);
    const asked = await world.domain.pings.page(world.tenant.principal, sensor, some, 1);
    expect([asked.count, asked.pings.length]).toEqual([5 * 60, 5 * 60]);
    const last = await world.domain.pings.last(world.tenant.principal, [silent]);
    expect(last.get(silent)?.datetime).toEqual(at(3 * HOUR - MINUTE));
    const { thinnedUntil } = await world.domain.sensors.require(world.tenant.principal, sensor);
    expect(thinnedUntil).toEqual(new Date(THINNED_UNTIL));
    const points = await world.domain.volumes.series(
      world.tenant.principal,
      [sensor],
      range(0, 60 * HOUR),
      60,
    );
    expect(points.get(sensor)!.length).toBe(60);
  });

  test('thinned readings no longer change: neither a late one, a correction, a deletion nor a substitution is taken', async () => {
    const sensor = await world.newSensor();
    await world.recordMinutes(sensor, HOURS);
    await world.thin();
    await expect(world.record(sensor, [[HOUR + 1, 5]])).rejects.toThrow(
      /^Must not be before 2024-03-12T00:00:00\.000Z, until when the readings of flow sensor \d+ are thinned and no longer change; got 2024-03-09T23:00:00\.001Z\.$/,
    );
    await expect(
      world.domain.pings.delete(world.tenant.principal, sensor, range(49 * HOUR, 55 * HOUR), {
        dryRun: false,
      }),
    ).rejects.toThrow(/^Must not be before 2024-03-12T00:00:00\.000Z/);
    const filled = { sensorId: sensor, ...range(HOUR, 2 * HOUR), ...FILLED };
    await expect(
      world.domain.substitutions.make(world.tenant.principal, filled, EDITED),
    ).rejects.toThrow(/^Must not be before 2024-03-12T00:00:00\.000Z/);
    expect(await world.record(sensor, [[THINNED_UNTIL - ORIGIN + 1, 5]])).toMatchObject({
      recorded: 1,
    });
  });
});

describe('the retention of an account', () => {
  test('nothing is removed unless the account has one, and of other accounts nothing is', async () => {
    const ours = await world.newSensor();
    await world.recordMinutes(ours, 4);
    const theirs = await world.newTenant();
    const { id } = await world.domain.sensors.create(theirs.principal, { name: 'Theirs' });
    await world.domain.pings.record(
      theirs.principal,
      Array.from({ length: 60 }, (_, minute) => {
        return { sensorId: id, datetime: at(minute * MINUTE), flowrate: 1 };
      }),
      { onConflict: 'REJECT' },
    );
    expect(await world.domain.retention.thin()).toEqual({ pings: 0, sensors: 0 });
    expect(await world.domain.retention.preview(theirs.principal, DAYS)).toEqual({
      ...{ pings: 58, sensors: 1 },
      before: new Date(THINNED_UNTIL),
    });
    await world.domain.retention.set(theirs.principal, DAYS);
    expect(await world.domain.retention.thin()).toEqual({ pings: 58, sensors: 1 });
    expect(await world.domain.retention.thin()).toEqual({ pings: 0, sensors: 0 });
    expect((await world.domain.pings.counts(world.tenant.principal, [ours], {})).get(ours)).toBe(
      240,
    );
    const { events } = (await world.domain.auditEvents.window(
      theirs.principal,
      {},
      { take: 10, from: 'first' },
    )) as { events: { type: string; details: object }[] };
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'PINGS_THINNED',
        details: { pings: 58, sensors: 1, before: '2024-03-12T00:00:00.000Z' },
      }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'PING_RETENTION_SET', details: { days: DAYS } }),
    );
  });

  test('fewer than 31 days, parts of days and more than a hundred years are refused with the value', async () => {
    for (const days of [30, 31.5, 36_501, -1]) {
      await expect(world.domain.retention.set(world.tenant.principal, days)).rejects.toThrow(
        `Must be a whole number from 31 to 36500; got ${days}.`,
      );
    }
  });

  test('of a sensor with closed periods only what a statement has is thinned', async () => {
    const sensor = await world.newSensor();
    await world.recordMinutes(sensor, HOURS);
    const close = 'UPDATE flow_sensor SET closed_until = $2 WHERE id = $1';
    await world.db.database.pool.query(close, [sensor, at(50 * HOUR)]);
    expect(await world.thin()).toBe(0);
    await world.domain.statements.issue(world.tenant.principal, {
      ...{ sensorIds: [sensor], ...range(0, 28 * HOUR) },
    });
    // Days end at midnight UTC.
    expect(await world.thin()).toBe(26 * 58);
    await expect(
      world.domain.statements.issue(world.tenant.principal, {
        ...{ sensorIds: [sensor], ...range(HOUR, 28 * HOUR) },
      }),
    ).rejects.toThrow(/^A statement lists every reading: it must begin after a reading of sensor/);
  });
});
