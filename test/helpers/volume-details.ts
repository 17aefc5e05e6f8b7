import { expect } from '@jest/globals';
import type { FlowVolume, VolumeMethod } from '../../src/domain/volumes/volumes.js';
import { exactBounds, type Reading } from './exact-volume.js';
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
    const { startBound, endBound, revisions } = details[index]!;
    const exact = exactBounds(stored, start, end, method);
    for (const [bound, expected] of [
      [startBound, exact.start],
      [endBound, exact.end],
    ] as const) {
      if (expected === null) expect(bound).toBeNull();
      else expect(bound).toBeCloseTo(toDouble(expected), 12 - magnitudeOf(stored));
    }
    const first = stored.findLast(({ at }) => at <= start)?.at ?? -Infinity;
    const last = stored.find(({ at }) => at >= end)?.at ?? Infinity;
    const touching = revised.filter(({ datetime }) => {
      return datetime.getTime() >= first && datetime.getTime() <= last;
    });
    expect(revisions).toBe(touching.length);
  });
}

/** The decimal exponent of the largest flowrate. */
function magnitudeOf(readings: readonly Reading[]): number {
  const largest = Math.max(...readings.map(({ flowrate }) => Math.abs(flowrate)));
  return largest > 0 ? Math.ceil(Math.log10(largest)) : 0;
}
