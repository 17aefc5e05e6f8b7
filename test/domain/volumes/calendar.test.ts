import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calendarBoundaries, type VolumeInterval } from '../../../src/domain/volumes/calendar.js';
import { VolumeStore } from '../../../src/storage/volumes/volume-store.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';

const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 150);
const ZONES = [
  'UTC',
  'America/Chicago',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Lisbon',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Santiago',
  'Africa/Monrovia',
];

describe('buckets of a calendar', () => {
  let db: TestDatabase;
  let store: VolumeStore;
  beforeAll(async () => {
    db = await createTestDatabase();
    store = new VolumeStore(db.database);
  });
  afterAll(() => db.drop());

  const edges = async (
    start: string,
    end: string,
    interval: VolumeInterval,
    timeZone = 'UTC',
    dayStart = '00:00',
  ): Promise<string[]> => {
    const range = { start: new Date(start), end: new Date(end) };
    const found = await calendarBoundaries(store, { accountId: 1 }, range, {
      interval,
      timeZone,
      dayStart,
    });
    return found.map((edge) => edge.toISOString());
  };

  test('a day has 23 hours where clocks go forward, and 25 where they go back', async () => {
    expect(
      await edges('2024-03-10T06:00:00Z', '2024-03-12T05:00:00Z', 'DAY', 'America/Chicago'),
    ).toEqual(['2024-03-10T06:00:00.000Z', '2024-03-11T05:00:00.000Z', '2024-03-12T05:00:00.000Z']);
    expect(
      await edges('2024-11-03T05:00:00Z', '2024-11-05T06:00:00Z', 'DAY', 'America/Chicago'),
    ).toEqual(['2024-11-03T05:00:00.000Z', '2024-11-04T06:00:00.000Z', '2024-11-05T06:00:00.000Z']);
  });

  test('of a day start that occurs twice the first one counts', async () => {
    expect(
      await edges(
        '2024-11-02T12:00:00Z',
        '2024-11-04T12:00:00Z',
        'DAY',
        'America/Chicago',
        '01:30',
      ),
    ).toEqual([
      '2024-11-02T12:00:00.000Z',
      '2024-11-03T06:30:00.000Z',
      '2024-11-04T07:30:00.000Z',
      '2024-11-04T12:00:00.000Z',
    ]);
  });

  test('a day start that is skipped moves on by the jump', async () => {
    expect(
      await edges(
        '2024-03-09T12:00:00Z',
        '2024-03-11T12:00:00Z',
        'DAY',
        'America/Chicago',
        '02:30',
      ),
    ).toEqual([
      '2024-03-09T12:00:00.000Z',
      '2024-03-10T08:30:00.000Z',
      '2024-03-11T07:30:00.000Z',
      '2024-03-11T12:00:00.000Z',
    ]);
  });

  test('a day that Samoa skipped has no length and is left out', async () => {
    expect(
      await edges('2011-12-29T10:00:00Z', '2012-01-01T10:00:00Z', 'DAY', 'Pacific/Apia'),
    ).toEqual([
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
      '2012-01-01T10:00:00.000Z',
    ]);
  });

  test('weeks begin on Monday and months on the 1st, at the day start, clipped to the range', async () => {
    expect(
      await edges('2024-05-08T00:00:00Z', '2024-05-21T00:00:00Z', 'WEEK', 'UTC', '07:00'),
    ).toEqual([
      '2024-05-08T00:00:00.000Z',
      '2024-05-13T07:00:00.000Z',
      '2024-05-20T07:00:00.000Z',
      '2024-05-21T00:00:00.000Z',
    ]);
    expect(
      await edges('2024-01-01T00:00:00Z', '2024-03-15T00:00:00Z', 'MONTH', 'UTC', '07:00'),
    ).toEqual([
      '2024-01-01T00:00:00.000Z',
      '2024-01-01T07:00:00.000Z',
      '2024-02-01T07:00:00.000Z',
      '2024-03-01T07:00:00.000Z',
      '2024-03-15T00:00:00.000Z',
    ]);
  });

  test('hours are clock hours of UTC in every zone and with every day start', async () => {
    expect(
      await edges(
        '2024-05-08T00:20:00Z',
        '2024-05-08T02:10:00Z',
        'HOUR',
        'Asia/Kathmandu',
        '07:30',
      ),
    ).toEqual([
      '2024-05-08T00:20:00.000Z',
      '2024-05-08T01:00:00.000Z',
      '2024-05-08T02:00:00.000Z',
      '2024-05-08T02:10:00.000Z',
    ]);
  });

  test.each([
    ['CET', '2024-07-01T22:00:00.000Z'],
    ['met', '2024-07-01T22:00:00.000Z'],
    ['EET', '2024-07-01T21:00:00.000Z'],
    ['WET', '2024-07-01T23:00:00.000Z'],
    ['EST', '2024-07-02T05:00:00.000Z'],
  ])('%s is the zone of that name, not an abbreviation', async (zone, midnight) => {
    const [start, end] = ['2024-07-01T12:00:00.000Z', '2024-07-02T12:00:00.000Z'];
    expect(await edges(start, end, 'DAY', zone)).toEqual([start, midnight, end]);
  });

  test('buckets agree with an independent calendar for any zone, day start and range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const),
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2026-01-01') }),
        fc.integer({ min: 1, max: 400 * 86_400_000 }),
        async (zone, interval, quarter, start, length) => {
          const dayStart = new Date(quarter * 900_000).toISOString().slice(11, 16);
          const range = { start: new Date(start), end: new Date(start + length) };
          const found = await calendarBoundaries(store, { accountId: 1 }, range, {
            interval,
            timeZone: zone,
            dayStart,
          });
          expect(found.map((edge) => edge.getTime())).toEqual(
            independentEdges(start, start + length, interval, zone, dayStart),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  test.each([
    ['timeZone', { timeZone: 'Mars/Olympus' }, /IANA time zone name; got "Mars\/Olympus"/],
    ['timeZone', { timeZone: '+05:00' }, /IANA time zone name; got "\+05:00"/],
    ['dayStart', { dayStart: '24:00' }, /time of day, HH:MM; got "24:00"/],
    ['dayStart', { dayStart: '7:00' }, /time of day, HH:MM; got "7:00"/],
    ['end', { interval: 'HOUR' as const }, /At most 10000 volumes/],
  ])('buckets with a bad %s are refused, and the field is named', async (field, wrong, message) => {
    const range = {
      start: new Date('2020-01-01T00:00:00Z'),
      end: new Date('2024-01-01T00:00:00Z'),
    };
    const calendar = { interval: 'DAY' as const, timeZone: 'UTC', dayStart: '00:00', ...wrong };
    await expect(
      calendarBoundaries(store, { accountId: 1 }, range, calendar),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
      errors: [{ path: [field] }],
    });
  });

  test('a range may have 10 000 buckets, and no more', async () => {
    const day = 86_400_000;
    const start = new Date('1990-01-01T00:00:00Z');
    const calendar = { interval: 'DAY' as const, timeZone: 'America/Chicago', dayStart: '00:00' };
    const first = new Date('1990-01-01T06:00:00Z');
    const end = new Date(Date.parse('2017-05-19T05:00:00Z'));
    const most = await calendarBoundaries(store, { accountId: 1 }, { start: first, end }, calendar);
    expect(most).toHaveLength(10_001);
    await expect(
      calendarBoundaries(
        store,
        { accountId: 1 },
        { start, end: new Date(end.getTime() + day) },
        calendar,
      ),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

function independentEdges(
  start: number,
  end: number,
  interval: 'DAY' | 'WEEK' | 'MONTH',
  zone: string,
  dayStart: string,
): number[] {
  const time = Temporal.PlainTime.from(dayStart);
  const duration = { DAY: { days: 1 }, WEEK: { weeks: 1 }, MONTH: { months: 1 } }[interval];
  const day = Temporal.Instant.fromEpochMilliseconds(start)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .subtract({ days: 2 });
  let turn =
    interval === 'MONTH'
      ? day.with({ day: 1 })
      : interval === 'WEEK'
        ? day.subtract({ days: day.dayOfWeek - 1 })
        : day;
  const edges = new Set([start]);
  for (;;) {
    const at = turn.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: 'compatible' });
    if (at.epochMilliseconds >= end) break;
    if (at.epochMilliseconds > start) edges.add(at.epochMilliseconds);
    turn = turn.add(duration);
  }
  return [...edges, end];
}
