import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NewPing } from '../../../src/domain/pings/resolve-conflicts.js';
import { NO_OUTBOX } from '../../../src/storage/pings/ping-outbox.js';
import { PingWriter } from '../../../src/storage/pings/ping-writer.js';
import { hoursBegun } from '../../../src/storage/summaries/sql/appended-hours.js';
import { hoursBegunByOne } from '../../../src/storage/summaries/sql/appended-ping.js';
import { beginSummaries, BEGUN } from '../../../src/storage/summaries/sql/begin-summaries.js';
import { PIECE_COLUMNS } from '../../../src/storage/summaries/sql/piece.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ORIGIN = Date.parse('2024-02-27T00:00:00Z');
const OVERWRITE = { onConflict: 'OVERWRITE' } as const;

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await createTelemetry();
});
afterAll(() => telemetry.test.drop());

async function query(sql: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const { rows } = await telemetry.test.database.pool.query<Record<string, unknown>>(sql, values);
  return rows;
}

const summaries = (sensor: number) =>
  query(
    `SELECT level, start, ${PIECE_COLUMNS} FROM ping_summary WHERE sensor_id = $1 ORDER BY level, start`,
    [sensor],
  );

async function rebuilt(sensor: number): Promise<Record<string, unknown>[]> {
  await telemetry.summaries.rebuild(sensor);
  return summaries(sensor);
}

interface Step {
  /** after the sensor's last instant; negative: before it, so that the readings are late or correct others */
  readonly after: number;
  readonly every: number;
  readonly count: number;
  readonly quality: 'GOOD' | 'UNCERTAIN' | 'BAD';
}

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 * MINUTE }) },
    fc.constantFrom(HOUR, DAY, 32 * DAY, 40 * DAY, -HOUR, -DAY),
  ),
  every: fc.constantFrom(1, 7 * MINUTE, HOUR, 11 * HOUR),
  count: fc.integer({ min: 1, max: 4 }),
  quality: fc.constantFrom('GOOD', 'GOOD', 'GOOD', 'UNCERTAIN', 'BAD'),
});

test('summaries to which readings were appended equal those of all readings to the last bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 15 }),
      fc.constantFrom(300, 3600, 86_400),
      async (steps, maxGap) => {
        const sensors = [await telemetry.newSensor(maxGap), await telemetry.newSensor(maxGap)];
        let last = ORIGIN;
        for (const [number, { after, every, count, quality }] of steps.entries()) {
          const first = last + after;
          const readings = Array.from({ length: count }, (_, index) => first + index * every);
          // The second sensor gets its readings an hour later, in other buckets of the same batch.
          const pings = sensors.flatMap((sensorId, delay) =>
            readings.map((at, index): NewPing => ({
              sensorId,
              datetime: new Date(at + delay * HOUR),
              flowrate: Math.sin(number * 5 + index) * 1000,
              quality,
            })),
          );
          await telemetry.pings.record(telemetry.principal, pings, OVERWRITE);
          last = Math.max(last, ...readings);
        }
        for (const sensor of sensors) {
          expect(await summaries(sensor)).toEqual(await rebuilt(sensor));
        }
      },
    ),
    { numRuns: Number(process.env.FLOWGATE_TEST_RUNS ?? 15) },
  );
});

test('what is kept of the earlier readings is not used once another version has written the summary', async () => {
  const sensor = await telemetry.newSensor();
  const record = (minutes: number, flowrate: number) => {
    const datetime = new Date(ORIGIN + minutes * MINUTE);
    const pings = [{ sensorId: sensor, datetime, flowrate }];
    return telemetry.pings.record(telemetry.principal, pings, OVERWRITE);
  };
  for (const minutes of [1, 70, 130]) await record(minutes, minutes);
  const kept = await query(
    `SELECT level, before_last, before_last_written_by FROM ping_summary WHERE sensor_id = $1 AND level > 0`,
    [sensor],
  );
  expect(kept).toHaveLength(3);
  // The correction of an earlier reading by a version that does not know these columns.
  await record(1, 99);
  for (const { level, before_last, before_last_written_by } of kept) {
    expect(before_last).toHaveLength(10);
    await query(
      `UPDATE ping_summary SET before_last = $3, before_last_written_by = $4 WHERE sensor_id = $1 AND level = $2`,
      [sensor, level, before_last, before_last_written_by],
    );
  }
  await add([{ sensorId: sensor, datetime: new Date(ORIGIN + 135 * MINUTE), flowrate: 7 }]);
  expect(await summaries(sensor)).toEqual(await rebuilt(sensor));
});

test.each([
  ['one reading of each sensor', hoursBegunByOne, 1],
  ['several readings', hoursBegun, 3],
])(
  'one statement begins the summaries of a new hour, day or block with %s, unless another version has written one',
  async (_, hours, count) => {
    const sensor = await telemetry.newSensor();
    const begun = async (at: number) => {
      const instants = Array.from({ length: count }, (_, place) => new Date(at + place * MINUTE));
      const [last] = instants.slice(-1);
      const values = [
        [sensor],
        [instants[0]],
        [last],
        instants.map(() => sensor),
        instants,
        instants.map(() => 5),
      ];
      const types = ['int', 'timestamptz', 'timestamptz', 'int', 'timestamptz', 'float8'];
      const parameters = types.map((type, place) => `$${place + 1}::${type}[]`);
      const [ids, first, latest, ...pings] = parameters;
      const statement = beginSummaries(
        hours({ sensors: [ids!, first!, latest!], pings: pings as [string, string, string] }),
      );
      // not each of which names every parameter
      const rows = await query(
        `${statement} SELECT sensor_id FROM ${BEGUN} WHERE num_nulls(${parameters.join(', ')}) = 0`,
        values,
      );
      return rows.map(({ sensor_id }) => sensor_id);
    };
    for (const at of [0, HOUR, DAY, 40 * DAY]) expect(await begun(ORIGIN + at)).toEqual([sensor]);
    expect(await begun(ORIGIN + 40 * DAY + 10 * MINUTE)).toEqual([]);
    await query('UPDATE ping_summary SET max_flowrate = 6 WHERE sensor_id = $1 AND level = 3', [
      sensor,
    ]);
    expect(await begun(ORIGIN + 41 * DAY)).toEqual([]);
  },
);

const added = fc.record({
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 20 * MINUTE }) },
    fc.constantFrom(HOUR, DAY, 32 * DAY),
  ),
  every: fc.constantFrom(1, 7 * MINUTE, HOUR),
  counts: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 })),
});

test('summaries to which one statement added readings, of an hour that has some or of new ones, equal those of all readings to the last bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(added, { minLength: 5, maxLength: 15 }),
      fc.constantFrom(300, 3600, 86_400),
      async (steps, maxGap) => {
        const sensors = [await telemetry.newSensor(maxGap), await telemetry.newSensor(maxGap)];
        let last = ORIGIN;
        for (const [number, { after, every, counts }] of steps.entries()) {
          const first = last + after;
          last = first + 2 * every;
          await add(
            sensors.flatMap((sensorId, index) =>
              Array.from({ length: counts[index]! }, (_, place) => ({
                sensorId,
                datetime: new Date(first + place * every),
                flowrate: Math.sin(number * 5 + place) * 1000,
              })),
            ),
          );
        }
        for (const sensor of sensors) {
          expect(await summaries(sensor)).toEqual(await rebuilt(sensor));
        }
      },
    ),
    { numRuns: Number(process.env.FLOWGATE_TEST_RUNS ?? 15) },
  );
});

/** By the one statement, where readings of the same day allow it. */
async function add(pings: readonly NewPing[]): Promise<void> {
  const { principal, test } = telemetry;
  const writer = new PingWriter(test.database, NO_OUTBOX);
  const requests = [...new Set(pings.map(({ sensorId }) => sensorId))].map((id) => ({
    accountId: principal.accountId,
    pings: pings.filter(({ sensorId }) => sensorId === id),
    traceparent: undefined,
  }));
  const appended = await writer.append(requests);
  if (appended?.every((each) => each !== undefined)) return;
  const days = new Set(pings.map(({ datetime }) => Math.floor(datetime.getTime() / DAY)));
  expect(days.size).toBe(2);
  await telemetry.pings.record(principal, pings, OVERWRITE);
}
