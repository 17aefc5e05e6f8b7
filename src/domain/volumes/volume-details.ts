import { SEVERITIES, type Quality } from '../../storage/pings/quality.js';
import type { Reader } from '../../storage/postgres/reader.js';
import type { SensorRange, VolumeDetailRow } from '../../storage/volumes/volume-detail-row.js';
import type { VolumeStore } from '../../storage/volumes/volume-store.js';
import type { VolumeMethod } from '../../storage/volumes/volume-store.js';
import type { FlowVolume, VolumeSource } from './flow-volume.js';

/** What is beside a volume. Over several sensors, each is a sum. */
export interface VolumeDetails {
  /** the flowrate at the start of the range, bbl/d; null where no segment begins at or before it */
  readonly startBound: number | null;
  /** the flowrate up to the end of the range, bbl/d; null where no segment ends at or after it */
  readonly endBound: number | null;
  /**
   * how many revisions there are of the readings that the volume depends on: from the last one at or
   * before its start to the first one at or after its end
   */
  readonly revisions: number;
  /** the worst quality of those readings, and of bad ones among them; null where there are none */
  readonly status: Quality | null;
  /** the part of the volume in segments that substitutes bound, bbl */
  readonly volumeSubstituted: number;
}

interface Part extends SensorRange {
  /** which of the volumes it is a part of */
  readonly index: number;
  readonly source: VolumeSource;
  /** whether it has the bounds of the volume and all that it depends on */
  readonly isWhole: boolean;
  /** by which all of it runs; undefined where that changes */
  readonly method: VolumeMethod | undefined;
  /** undefined: 1 */
  readonly meterFactor?: number | undefined;
}

/** The details of each volume: a statement for each `asOf` that is among them. */
export async function detailsOf(
  store: VolumeStore,
  reader: Reader,
  volumes: readonly FlowVolume[],
): Promise<VolumeDetails[]> {
  const parts = volumes.flatMap(({ start, end, sources }, index) =>
    sources.flatMap((source): Part[] => {
      const { sensorId, startMethod, meterFactor, spans } = source;
      const whole = { index, source, sensorId, start, end, isWhole: true };
      if (!spans) return [{ ...whole, method: startMethod, meterFactor }];
      const parts = spans.map((span): Part => ({ ...whole, ...span, isWhole: false }));
      return [{ ...whole, method: undefined }, ...parts];
    }),
  );
  const byInstant = new Map<number | undefined, Part[]>();
  for (const part of parts) {
    const instant = part.source.asOf?.getTime();
    const some = byInstant.get(instant);
    if (some) some.push(part);
    else byInstant.set(instant, [part]);
  }
  const details = volumes.map((): VolumeDetails => ({
    startBound: null,
    endBound: null,
    revisions: 0,
    status: null,
    volumeSubstituted: 0,
  }));
  await Promise.all(
    [...byInstant.values()].map(async (some) => {
      const rows = await store.details(reader, some, some[0]!.source.asOf);
      some.forEach((part, place) => {
        const row = rows[place];
        const { index } = part;
        if (row) details[index] = sum(details[index]!, row, part);
      });
    }),
  );
  return details;
}

function sum(
  details: VolumeDetails,
  row: VolumeDetailRow,
  { source: { startMethod, endMethod }, isWhole, method, meterFactor = 1 }: Part,
): VolumeDetails {
  const volumeSubstituted =
    details.volumeSubstituted + (method ? row.substituted[method] * meterFactor : 0);
  if (!isWhole) return { ...details, volumeSubstituted };
  return {
    volumeSubstituted,
    startBound: add(details.startBound, row.startBound[startMethod]),
    endBound: add(details.endBound, row.endBound[endMethod]),
    revisions: details.revisions + row.revisions,
    status: worse(details.status, row.quality),
  };
}

function worse(a: Quality | null, b: Quality | null): Quality | null {
  if (a === null || b === null) return a ?? b;
  return SEVERITIES[a] < SEVERITIES[b] ? a : b;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}
