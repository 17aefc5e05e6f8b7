import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConflictError } from '../../../src/domain/shared/errors.js';
import type { FlowVolume, VolumeMethod } from '../../../src/domain/volumes/volumes.js';
import { edges, histories, ORIGIN, readings, type HistoryEvent } from '../../helpers/histories.js';
import { counting, exactVolume, type Reading } from '../../helpers/exact-volume.js';
import { toDouble } from '../../helpers/rational.js';
import { expectDetails } from '../../helpers/volume-details.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const HOUR = 3_600_000;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 25);
const DURATIONS = ['durationGood', 'durationInterpolated', 'durationMissing'] as const;
const METHODS: VolumeMethod[] = ['LINEAR', 'STEP'];

describe('flow volume, against exact arithmetic', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  test('the volume is the integral over what is stored, after any history of posts, late posts, corrections, deletions, qualities and max gaps, by several writers at once', async () => {
    await fc.assert(
      fc.asyncProperty(histories, edges, async (writers, [a, b, c]) => {
        const sensor = await telemetry.newSensor();
        const written = await Promise.all(writers.map((each) => play(telemetry, sensor, each)));
        const { stored, changes } = await storedOf(telemetry, sensor);
        // Of a single writer it is also known what must be stored.
        if (written.length === 1) expect({ stored, changes }).toEqual(written[0]);
        const maxGap = inForce(changes);
        for (const method of METHODS) {
          const [first, second, both] = [
            await volume(telemetry, sensor, a as number, b as number, method),
            await volume(telemetry, sensor, b as number, c as number, method),
            await volume(telemetry, sensor, a as number, c as number, method),
          ];
          expectExact(first, stored, method, maxGap);
          expectExact(second, stored, method, maxGap);
          expectExact(both, stored, method, maxGap);
          await expectDetails(telemetry, sensor, [first, second, both], stored, method);
          const scale = toDouble(
            exactVolume(stored, a as number, c as number, method, maxGap).absolute,
          );
          for (const figure of ['volume', 'volumeMeasured', 'volumeInterpolated'] as const) {
            expect(Math.abs(first[figure] + second[figure] - both[figure])).toBeLessThanOrEqual(
              1e-9 * scale,
            );
          }
          for (const figure of DURATIONS) {
            expect(first[figure] + second[figure]).toBeCloseTo(both[figure], 6);
          }
        }
        await expectHoursToAddUp(telemetry, sensor, a as number, c as number, stored);
        await expectOutages(telemetry, sensor, a as number, c as number, stored, maxGap);
        expect(await telemetry.summaries.check(sensor)).toEqual([]);
        const before = await volume(telemetry, sensor, a as number, c as number, 'LINEAR');
        await telemetry.summaries.rebuild(sensor);
        const rebuilt = await volume(telemetry, sensor, a as number, c as number, 'LINEAR');
        for (const figure of DURATIONS) expect(rebuilt[figure]).toBe(before[figure]);
        expectExact(rebuilt, stored, 'LINEAR', maxGap);
      }),
      { numRuns: RUNS },
    );
  });

  test('the linear volume of 0, 1, 1, 0 at unit steps is 2 units', async () => {
    const sensor = await telemetry.newSensor();
    const day = 24 * HOUR;
    const pings = [0, 1, 1, 0].map((value, step) => ({ at: ORIGIN + step * day, flowrate: value }));
    await post(telemetry, sensor, pings, 'REJECT');
    expect((await volume(telemetry, sensor, ORIGIN, ORIGIN + 3 * day, 'LINEAR')).volume).toBe(2);
  });

  test('a time-weighted average is within the range of its inputs', async () => {
    await fc.assert(
      fc.asyncProperty(readings, edges, async (pings, [a, , b]) => {
        const sensor = await telemetry.newSensor();
        await post(telemetry, sensor, pings, 'REJECT');
        const rates = counting(pings).map((ping) => ping.flowrate);
        for (const method of METHODS) {
          const { averageFlowrate } = await volume(
            telemetry,
            sensor,
            a as number,
            b as number,
            method,
          );
          if (averageFlowrate === null) continue;
          expect(averageFlowrate).toBeGreaterThanOrEqual(Math.min(...rates));
          expect(averageFlowrate).toBeLessThanOrEqual(Math.max(...rates));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

async function play(
  telemetry: Telemetry,
  sensor: number,
  events: readonly HistoryEvent[],
): Promise<{ stored: Reading[]; changes: MaxGapChange[] }> {
  const stored = new Map<number, Reading>();
  const changes: MaxGapChange[] = [];
  for (const event of events) {
    if (event.kind === 'post') {
      const fresh = event.readings.filter(({ at }) => !stored.has(at));
      const isRecorded = await post(telemetry, sensor, fresh, 'REJECT').then(
        () => true,
        (error: unknown) => {
          // Another writer was there before, and nothing is recorded.
          expect(error).toBeInstanceOf(ConflictError);
          return false;
        },
      );
      if (isRecorded) for (const reading of fresh) stored.set(reading.at, reading);
    } else if (event.kind === 'correct') {
      await post(telemetry, sensor, event.readings, 'OVERWRITE');
      for (const reading of event.readings) stored.set(reading.at, reading);
    } else if (event.kind === 'judge') {
      const [start, end] = [event.from, event.to].sort((a, b) => a - b);
      const judged = [...stored.values()]
        .filter(({ at }) => at >= ORIGIN + start! && at <= ORIGIN + end!)
        .map((reading) => ({ ...reading, quality: event.quality }));
      await post(telemetry, sensor, judged, 'OVERWRITE');
      for (const reading of judged) stored.set(reading.at, reading);
    } else if (event.kind === 'delete') {
      const start = ORIGIN + Math.min(event.from, event.to);
      const end = ORIGIN + Math.max(event.from, event.to);
      await telemetry.pings.delete(
        telemetry.principal,
        sensor,
        { start: new Date(start), end: new Date(end) },
        { dryRun: false },
      );
      for (const at of stored.keys()) if (at >= start && at < end) stored.delete(at);
    } else {
      const { maxGap } = event;
      const from = event.from === null ? FIRST : ORIGIN + event.from;
      const isNew = inForce(changes)(from) !== maxGap || inForce(changes)(Infinity) !== maxGap;
      if (isNew || changes.some((change) => change.from > from)) changes.push({ from, maxGap });
      await telemetry.change(sensor, { maxGap }, new Date(from));
    }
  }
  const inTime = [...stored.values()].sort((a, b) => a.at - b.at);
  return { stored: inTime, changes };
}

/** Seconds, in force from an instant on, in milliseconds since 1970. */
interface MaxGapChange {
  readonly from: number;
  readonly maxGap: number;
}

const FIRST = Date.parse('0001-01-01T00:00:00Z');

/** The last change that is effective by an instant; each replaces all that was to be later. */
function inForce(changes: readonly MaxGapChange[]): (at: number) => number {
  return (at) => changes.findLast(({ from }) => from <= at)?.maxGap ?? 3600;
}

async function storedOf(
  { test: { database } }: Telemetry,
  sensor: number,
): Promise<{ stored: Reading[]; changes: MaxGapChange[] }> {
  const { rows } = await database.pool.query<Reading>(
    `SELECT round(date_part('epoch', datetime) * 1000) AS at, flowrate,
       CASE quality WHEN 0 THEN 'BAD' WHEN 64 THEN 'UNCERTAIN' ELSE 'GOOD' END AS quality FROM ping
     WHERE sensor_id = $1 ORDER BY datetime`,
    [sensor],
  );
  const log = await database.prisma.sensorConfigurationChange.findMany({
    where: { sensorId: sensor, parameter: 'MAX_GAP' },
    orderBy: { id: 'asc' },
  });
  const changes = log.map(({ effectiveFrom, newValue }) => ({
    from: effectiveFrom.getTime(),
    maxGap: Number(newValue),
  }));
  return { stored: rows, changes };
}

async function post(
  { pings, principal }: Telemetry,
  sensorId: number,
  readings: readonly Reading[],
  onConflict: 'REJECT' | 'OVERWRITE',
): Promise<void> {
  await pings.record(
    principal,
    readings.map(({ at, ...reading }) => ({ sensorId, datetime: new Date(at), ...reading })),
    { onConflict },
  );
}

async function volume(
  { volumes, principal }: Telemetry,
  sensor: number,
  start: number,
  end: number,
  method: VolumeMethod,
): Promise<FlowVolume> {
  const range = { start: new Date(start), end: new Date(end) };
  return (await volumes.ofRange(principal, [sensor], range, method)).get(sensor) as FlowVolume;
}

function expectExact(
  figure: FlowVolume,
  stored: readonly Reading[],
  method: VolumeMethod,
  maxGap: (at: number) => number,
): void {
  const [start, end] = [figure.start.getTime(), figure.end.getTime()];
  const exact = exactVolume(stored, start, end, method, maxGap);
  const scale = toDouble(exact.absolute);
  expect(Math.abs(figure.volume - toDouble(exact.volume))).toBeLessThanOrEqual(1e-9 * scale);
  for (const [part, partVolume] of [
    ['measured', figure.volumeMeasured],
    ['interpolated', figure.volumeInterpolated],
  ] as const) {
    expect(Math.abs(partVolume - toDouble(exact[part].volume))).toBeLessThanOrEqual(
      1e-9 * toDouble(exact[part].absolute),
    );
  }
  expect(figure.durationGood).toBe(exact.coveredMs / 1000);
  expect(figure.durationInterpolated).toBe((exact.spannedMs - exact.coveredMs) / 1000);
  expect(figure.durationMissing).toBe((end - start - exact.spannedMs) / 1000);
  expect(figure.coverage).toBe(end > start ? exact.coveredMs / (end - start) : 0);
  const inside = counting(stored)
    .filter(({ at }) => at >= start && at < end)
    .map((each) => each.flowrate);
  expect(figure.pingCount).toBe(inside.length);
  expect(figure.minFlowrate).toBe(inside.length > 0 ? Math.min(...inside) : null);
  expect(figure.maxFlowrate).toBe(inside.length > 0 ? Math.max(...inside) : null);
  if (exact.spannedMs === 0) expect(figure.averageFlowrate).toBeNull();
  else {
    const average = toDouble(exact.volume) / (exact.spannedMs / 86_400_000);
    const most = (scale / (exact.spannedMs / 86_400_000)) * 1e-9;
    expect(Math.abs((figure.averageFlowrate as number) - average)).toBeLessThanOrEqual(most);
  }
}

async function expectHoursToAddUp(
  { volumes, principal }: Telemetry,
  sensor: number,
  start: number,
  end: number,
  stored: readonly Reading[],
): Promise<void> {
  const range = { start: new Date(start), end: new Date(end) };
  const hours = await volumes.ofCalendar(
    principal,
    [sensor],
    range,
    { interval: 'HOUR', timeZone: 'UTC', dayStart: '00:00' },
    'LINEAR',
  );
  const sum = (hours.get(sensor) as FlowVolume[]).reduce((total, each) => total + each.volume, 0);
  const exact = exactVolume(stored, start, end, 'LINEAR', () => 3600);
  expect(Math.abs(sum - toDouble(exact.volume))).toBeLessThanOrEqual(
    1e-9 * toDouble(exact.absolute),
  );
}

/** Whole segments that meet the range, each by the max gap in force where it begins. */
async function expectOutages(
  { volumes, principal }: Telemetry,
  sensor: number,
  start: number,
  end: number,
  stored: readonly Reading[],
  maxGap: (at: number) => number,
): Promise<void> {
  const pings = counting(stored);
  const expected = pings.slice(1).flatMap(({ at: to }, index) => {
    const from = pings[index]!.at;
    const isOutage = to - from > maxGap(from) * 1000 && from < end && to > start;
    return isOutage ? [{ start: new Date(from), end: new Date(to) }] : [];
  });
  const range = { start: new Date(start), end: new Date(end) };
  const outages = await volumes.outages(principal, [sensor], range);
  expect(outages.get(sensor)).toEqual(start === end ? [] : expected);
}
