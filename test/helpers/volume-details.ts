import { expect } from '@jest/globals';
import type { FlowVolume, VolumeMethod } from '../../src/domain/volumes/volumes.js';
import { counting, exactBounds, type Reading } from './exact-volume.js';
import { toDouble } from './rational.js';
import type { Telemetry } from './telemetry.js';

/** The bounds, and the revisions of all the readings that a volume depends on. */
export async function expectDetails(
  { volumes, principal, test: { database } }: Telemetry,
  sensorId: number,
  figures: readonly FlowVolume[],
  stored: readonly Reading[],
  method: VolumeMethod,
): Promise<void> {
  const revised = await database.prisma.pingRevision.findMany({ where: { sensorId } });
  const details = await volumes.details(principal, figures);
  figures.forEach((figure, index) => {
    const [start, end] = [figure.start.getTime(), figure.end.getTime()];
    const { startBound, endBound, revisions, status } = details[index]!;
    const pings = counting(stored);
    const exact = exactBounds(stored, start, end, method);
    for (const [bound, expected] of [
      [startBound, exact.start],
      [endBound, exact.end],
    ] as const) {
      if (expected === null) expect(bound).toBeNull();
      else expect(bound).toBeCloseTo(toDouble(expected), 12 - magnitudeOf(stored));
    }
    const first = pings.findLast(({ at }) => at <= start)?.at ?? -Infinity;
    const last = pings.find(({ at }) => at >= end)?.at ?? Infinity;
    const touching = revised.filter(({ datetime }) => {
      return datetime.getTime() >= first && datetime.getTime() <= last;
    });
    expect(revisions).toBe(touching.length);
    const isKnown = pings.some(({ at }) => at < end) && pings.some(({ at }) => at >= start);
    const from = isKnown && first > -Infinity ? first : start;
    const to = last < Infinity ? last : end - 1;
    const found = new Set(
      stored.filter(({ at }) => at >= from && at <= to).map(({ quality }) => quality),
    );
    const worst =
      found.has('BAD') || !isKnown ? null : found.has('UNCERTAIN') ? 'UNCERTAIN' : 'GOOD';
    expect(status).toBe(found.has('BAD') ? 'BAD' : worst);
  });
}

/** The decimal exponent of the largest flowrate. */
function magnitudeOf(readings: readonly Reading[]): number {
  const largest = Math.max(...readings.map(({ flowrate }) => Math.abs(flowrate)));
  return largest > 0 ? Math.ceil(Math.log10(largest)) : 0;
}
