import fc from 'fast-check';

export const ORIGIN = Date.parse('2024-03-09T22:00:00Z');
const HOUR = 3_600_000;

/** Instants on all scales: within seconds of each other, on the hour, days and months apart. */
const instant = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 6 * HOUR }),
  fc.integer({ min: 0, max: 60 }).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: 80 * 24 }).map((hours) => hours * HOUR),
  fc.integer({ min: 0, max: 80 * 24 * HOUR }),
);
const flowrate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -3, max: 3 }),
  fc
    .double({ min: -5000, max: 5000, noNaN: true })
    .map((value) => (Math.abs(value) < 1e-30 ? 0 : value)),
  fc.double({ min: 1e14, max: 1e15, noNaN: true }),
  fc.double({ min: 1e-30, max: 1e-29, noNaN: true }),
);
const quality = fc.constantFrom('GOOD' as const, 'UNCERTAIN' as const, 'BAD' as const);
const good = fc.constant('GOOD' as const);
export const readings = fc.uniqueArray(
  fc
    .record({ at: instant, flowrate, quality: fc.oneof({ weight: 3, arbitrary: good }, quality) })
    .map((reading) => ({ ...reading, at: ORIGIN + reading.at })),
  { selector: ({ at }) => at, maxLength: 40 },
);
const history = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('post' as const), readings }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('correct' as const), readings }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('judge' as const),
        quality,
        from: instant,
        to: instant,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('delete' as const), from: instant, to: instant }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('maxGap' as const),
        maxGap: fc.constantFrom(1, 60, 3600, 7200, 86_400, 10_000_000),
        from: fc.option(instant),
      }),
    },
  ),
  { minLength: 1, maxLength: 6 },
);
export const histories = fc.array(history, { minLength: 1, maxLength: 4 });
export const edges = fc
  .uniqueArray(instant, { minLength: 3, maxLength: 3 })
  .map((offsets) => offsets.sort((a, b) => a - b).map((offset) => ORIGIN + offset));

/** What a writer does; instants are offsets from ORIGIN, or null for ever since. */
export type HistoryEvent = typeof history extends fc.Arbitrary<(infer One)[]> ? One : never;
