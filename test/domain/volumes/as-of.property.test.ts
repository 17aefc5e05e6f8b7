import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TotalizerVolume } from '../../../src/domain/volumes/totalizer-volumes.js';
import type { FlowVolume, VolumeMethod } from '../../../src/domain/volumes/volumes.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const ORIGIN = Date.parse('2024-03-09T22:00:00Z');
const HOUR = 3_600_000;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 15);
const METHODS: VolumeMethod[] = ['LINEAR', 'STEP'];
const DAILY = { interval: 'DAY', timeZone: 'America/Chicago', dayStart: '07:00' } as const;

/** Few instants, so that histories meet the same ones again: seconds, hours and weeks apart. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((seconds) => seconds * 1000),
  fc.integer({ min: 0, max: 30 }).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: 6 }).map((weeks) => weeks * 7 * 24 * HOUR),
);
const flowrate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc
    .double({ min: -5000, max: 5000, noNaN: true })
    .map((value) => (Math.abs(value) < 1e-30 ? 0 : value)),
);
const quality = fc.constantFrom(
  'GOOD' as const,
  'GOOD' as const,
  'UNCERTAIN' as const,
  'BAD' as const,
);
const totalizer = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });
const readings = fc.array(fc.record({ at: instant, flowrate, quality, totalizer }), {
  maxLength: 12,
});
const step = fc.oneof(
  // Inserts, also late ones and those of deleted pings, and corrections.
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('record' as const), readings }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), from: instant, to: instant }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('meterFactor' as const),
      factor: fc.constantFrom(0.5, 0.9985, 1, 1.25),
      from: fc.option(instant),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rollover' as const),
      size: fc.constantFrom(null, 1000, 1500),
    }),
  },
);
const history = fc.array(step, { minLength: 2, maxLength: 8 });
const ranges = fc.array(
  fc
    .tuple(instant, instant)
    .map((ends) => ends.sort((a, b) => a - b).map((offset) => new Date(ORIGIN + offset))),
  { minLength: 1, maxLength: 3 },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
type Range = { start: Date; end: Date };

describe('what was served before', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  test('every earlier figure and list of pings is given again as of its instant, after any history of inserts, late inserts, corrections, deletions, qualities, totalizers, meter factors, rollovers and inserts again', async () => {
    await fc.assert(
      fc.asyncProperty(history, ranges, async (steps, ends) => {
        const sensor = await telemetry.newSensor();
        const asked = ends.map(([start, end]) => ({ start: start!, end: end! }));
        const served: { asOf: Date; answer: unknown }[] = [];
        for (const each of steps) {
          await play(telemetry, sensor, each);
          await millisecond();
          const answer = await answers(telemetry, sensor, asked);
          served.push({ asOf: new Date(), answer });
          await millisecond();
        }
        for (const { asOf, answer } of served) {
          expect(await answers(telemetry, sensor, asked, asOf)).toEqual(answer);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a figure as of a moment ago stays the same, however many write meanwhile', async () => {
    const sensor = await telemetry.newSensor();
    const range = { start: new Date(ORIGIN), end: new Date(ORIGIN + 400 * HOUR) };
    const served: { asOf: Date; answer: unknown }[] = [];
    let isWriting = true;
    const write = async (writer: number) => {
      for (let round = 0; round < 25 || served.length <= 3; round++) {
        const at = ((round * 7 + writer * 3) % 50) * HOUR;
        const quality = round % 4 === 3 ? 'BAD' : 'GOOD';
        const readings = [
          { at, flowrate: round + writer / 10, quality, totalizer: round } as const,
        ];
        await play(telemetry, sensor, { kind: 'record', readings });
        if (round % 5 === 4) {
          await play(telemetry, sensor, { kind: 'delete', from: at - 2 * HOUR, to: at });
        }
      }
    };
    const writers = Promise.all([0, 1, 2, 3].map(write)).finally(() => {
      isWriting = false;
    });
    const goesOn = () => isWriting;
    while (goesOn()) {
      const asOf = new Date();
      served.push({ asOf, answer: await answers(telemetry, sensor, [range], asOf) });
    }
    await writers;
    expect(served.length).toBeGreaterThan(3);
    for (const { asOf, answer } of served) {
      expect(await answers(telemetry, sensor, [range], asOf)).toEqual(answer);
    }
  });
});

/** Waits until the clock shows a later millisecond. */
async function millisecond(): Promise<void> {
  const before = Date.now();
  while (Date.now() === before) await nextTurn();
}

async function play(telemetry: Telemetry, sensorId: number, each: Step): Promise<void> {
  const { pings, principal } = telemetry;
  if (each.kind === 'meterFactor') {
    const from = each.from === null ? undefined : new Date(ORIGIN + each.from);
    await telemetry.change(sensorId, { meterFactor: each.factor }, from);
  } else if (each.kind === 'rollover') {
    await telemetry.change(sensorId, { totalizerRollover: each.size });
  } else if (each.kind === 'record') {
    const found = each.readings.map(({ at, ...reading }) => ({
      ...reading,
      sensorId,
      datetime: new Date(ORIGIN + at),
    }));
    await pings.record(principal, found, { onConflict: 'OVERWRITE' });
  } else {
    const start = new Date(ORIGIN + Math.min(each.from, each.to));
    const end = new Date(ORIGIN + Math.max(each.from, each.to));
    await pings.delete(principal, sensorId, { start, end }, { dryRun: false });
  }
}

/** All that is served of a sensor for some ranges. */
async function answers(
  { volumes, totalizerVolumes, pings, principal }: Telemetry,
  sensor: number,
  asked: readonly Range[],
  asOf?: Date,
): Promise<unknown> {
  const every: unknown[] = [];
  for (const range of asked) {
    for (const method of METHODS) {
      const whole = await volumes.ofRange(principal, [sensor], range, method, asOf);
      const days = await volumes.ofCalendar(principal, [sensor], range, DAILY, method, asOf);
      const { volume } = await volumes.ofSensor(principal, sensor, range, method, asOf);
      const { hours } = await volumes.hourPage(principal, sensor, range, 1, method, asOf);
      const all = [...whole.values(), ...days.get(sensor)!];
      every.push(
        await volumes.details(principal, all),
        all.map(figures),
        (await totalizerVolumes.of(principal, all)).map(counted),
        rounded(volume),
        hours.map((hour) => rounded(hour.volume)),
      );
    }
    for (const order of ['NEWEST_FIRST', 'OLDEST_FIRST'] as const) {
      for (const take of [3, 100]) {
        const window = { ...range, order, take, from: 'first', ...(asOf && { asOf }) } as const;
        const found = (await pings.windows(principal, [sensor], window)).get(sensor)!;
        const list = found.pings.of({ id: sensor });
        every.push(
          list.map((ping) => [
            ...[ping.id, ping.datetime, ping.flowrate, ping.recordedAt, ping.quality],
          ]),
          found.more,
        );
      }
    }
    const selection = { ...range, ...(asOf && { asOf }) };
    every.push((await pings.counts(principal, [sensor], selection)).get(sensor));
  }
  return every;
}

function figures(volume: FlowVolume): unknown[] {
  const { start, end, coverage, pingCount, minFlowrate, maxFlowrate, averageFlowrate } = volume;
  const { durationGood, durationInterpolated, durationMissing } = volume;
  const volumes = [volume.volume, volume.volumeMeasured, volume.volumeInterpolated];
  return [
    ...[start, end, coverage, pingCount, minFlowrate, maxFlowrate],
    ...[durationGood, durationInterpolated, durationMissing],
    ...volumes.map(rounded),
    averageFlowrate === null ? null : rounded(averageFlowrate),
  ];
}

function counted(total: TotalizerVolume | null): unknown {
  if (!total) return null;
  const { start, end, resets, volume, rateVolume, difference } = total;
  return [start, end, resets, ...[volume, rateVolume, difference].map(rounded)];
}

/** To 6 decimals; the terms of a sum may be added in another order. */
function rounded(value: number): unknown {
  return Number(value.toFixed(6)) + 0;
}
