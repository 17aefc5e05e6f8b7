import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Outage, SeriesPoint } from '../../../src/domain/volumes/volumes.js';
import { createTelemetry, type Telemetry } from '../../helpers/telemetry.js';

const ORIGIN = Date.parse('2024-02-27T00:00:00Z');
const HOUR = 3_600_000;
const RUNS = Number(process.env.FLOWGATE_TEST_RUNS ?? 15);
const SPAN = 70 * 24 * HOUR;

const instants = fc.uniqueArray(
  fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.integer({ min: 0, max: SPAN })),
  { minLength: 1, maxLength: 60 },
);
const between = fc
  .tuple(fc.integer({ min: -HOUR, max: SPAN }), fc.integer({ min: 0, max: SPAN }))
  .map(([start, length]) => ({ start: ORIGIN + start, end: ORIGIN + start + length }));

interface Point {
  readonly at: number;
  readonly flowrate: number;
}

/** The same figures by plain loops over all pings. */
const plain = {
  series(pings: readonly Point[], start: number, end: number, slots: number): SeriesPoint[] {
    const groups = new Map<number, Point[]>();
    for (const ping of pings) {
      if (ping.at < start || ping.at >= end) continue;
      const slot = Number((BigInt(ping.at - start) * BigInt(slots)) / BigInt(end - start));
      groups.set(slot, [...(groups.get(slot) ?? []), ping]);
    }
    return [...groups.values()].map((group) => ({
      datetime: new Date((group[0] as Point).at),
      min: Math.min(...group.map(({ flowrate }) => flowrate)),
      max: Math.max(...group.map(({ flowrate }) => flowrate)),
      average: group.reduce((sum, { flowrate }) => sum + flowrate, 0) / group.length,
    }));
  },
  outages(pings: readonly Point[], start: number, end: number, maxGap: number): Outage[] {
    return pings.slice(1).flatMap((next, index) => {
      const { at } = pings[index] as Point;
      const isOutage = next.at - at > maxGap * 1000 && Math.max(at, start) < Math.min(next.at, end);
      return isOutage ? [{ start: new Date(at), end: new Date(next.at) }] : [];
    });
  },
};

describe('pings of a sensor', () => {
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await createTelemetry();
  });
  afterAll(() => telemetry.test.drop());

  test('pages, counts, series and outages of pings are what plain loops over the pings find', async () => {
    await fc.assert(
      fc.asyncProperty(
        instants,
        between,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 600, 3600, 86_400),
        async (offsets, { start, end }, slots, maxGap) => {
          const { pings, principal, volumes, newSensor } = telemetry;
          const sensor = await newSensor(maxGap);
          const points = offsets
            .sort((a, b) => a - b)
            .map((offset, index) => ({ at: ORIGIN + offset, flowrate: (index % 7) - 3 }));
          await pings.record(
            principal,
            points.map(({ at, flowrate }) => ({
              sensorId: sensor,
              datetime: new Date(at),
              flowrate,
            })),
            { onConflict: 'REJECT' },
          );
          const interval = { start: new Date(start), end: new Date(end) };
          const inside = points.filter(({ at }) => at >= start && at <= end);
          const { count, pings: shown } = await pings.page(principal, sensor, interval, 1);
          expect(count).toBe(inside.length);
          expect(shown.map(({ at, flowrate }) => ({ at, flowrate }))).toEqual(
            [...inside].reverse(),
          );
          expect((await pings.counts(principal, [sensor], interval)).get(sensor)).toBe(
            inside.length,
          );
          if (end > start) {
            const series = (await volumes.series(principal, [sensor], interval, slots)).get(sensor);
            const expected = plain.series(points, start, end, slots);
            expect(series?.map(({ datetime, min, max }) => [datetime, min, max])).toEqual(
              expected.map(({ datetime, min, max }) => [datetime, min, max]),
            );
            series?.forEach(({ average }, index) =>
              expect(average).toBeCloseTo(expected[index]?.average ?? NaN, 9),
            );
          }
          const outages = await volumes.outages(principal, [sensor], interval);
          expect(outages.get(sensor)).toEqual(plain.outages(points, start, end, maxGap));
          const last = points.at(-1) as Point;
          expect((await pings.last(principal, [sensor])).get(sensor)).toMatchObject({
            datetime: new Date(last.at),
            flowrate: last.flowrate,
          });
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('every page of a sensor with many pings is right, however deep', async () => {
    const { pings, principal, newSensor } = telemetry;
    const sensor = await newSensor();
    // Every 40 s, with a hole of 40 days, so that hours, days and blocks are of all sizes.
    const instants = Array.from(
      { length: 12_345 },
      (_, index) => ORIGIN + index * 40_000 + (index > 6000 ? 40 * 24 * HOUR : 0),
    );
    for (const [index] of instants.entries())
      if (index % 5000 === 0) {
        await pings.record(
          principal,
          instants
            .slice(index, index + 5000)
            .map((at) => ({ sensorId: sensor, datetime: new Date(at), flowrate: 1 })),
          { onConflict: 'REJECT' },
        );
      }
    const newestFirst = [...instants].reverse();
    for (const interval of [
      {},
      { start: new Date(instants[777] as number), end: new Date(instants[11_111] as number) },
      { end: new Date(instants[9001] as number) },
    ]) {
      const inside = newestFirst.filter(
        (at) =>
          at >= (interval.start?.getTime() ?? 0) && at <= (interval.end?.getTime() ?? Infinity),
      );
      const pages = Math.ceil(inside.length / 1000);
      for (const page of [1, 2, pages - 1, pages, 'last' as const]) {
        const found = await pings.page(principal, sensor, interval, page);
        expect(found).toMatchObject({ count: inside.length, pages });
        const offset = ((page === 'last' ? pages : page) - 1) * 1000;
        expect(found.pings.map(({ at }) => at)).toEqual(inside.slice(offset, offset + 1000));
      }
      await expect(pings.page(principal, sensor, interval, pages + 1)).rejects.toThrow(
        'Invalid page.',
      );
      await expect(pings.page(principal, sensor, interval, 0)).rejects.toThrow('Invalid page.');
    }
  });
});
