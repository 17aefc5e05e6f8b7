import type { Reader } from '../../storage/postgres/reader.js';
import { methodHistory, valueAt } from '../../storage/sensors/history.js';
import type { VolumeMethod, VolumeStore } from '../../storage/volumes/volume-store.js';
import type { FlowVolume } from './flow-volume.js';

/** A sensor and the methods that were in force, null where it always was the same. */
export interface MethodHistory {
  readonly id: number;
  readonly method: VolumeMethod;
  readonly methodChangedAt: Date[] | null;
  readonly earlierMethods: VolumeMethod[] | null;
}

/**
 * The volumes of sensors whose method changed, in the order of the buckets: flowrate runs by the
 * method in force at each instant, so a bucket is cut where a method changes. Two statements, for
 * any number of sensors.
 * @param boundaries ascending, at least two: the ranges between neighbours are the buckets
 */
export async function volumesByOwnMethod(
  store: VolumeStore,
  reader: Reader,
  sensors: readonly MethodHistory[],
  boundaries: readonly Date[],
  asOf?: Date,
): Promise<Map<number, FlowVolume[]>> {
  const ids = sensors.map(({ id }) => id);
  const cuts = cutsOf(sensors, boundaries);
  const [linear, step] = await Promise.all([
    store.between(reader, ids, cuts, 'LINEAR', asOf),
    store.between(reader, ids, cuts, 'STEP', asOf),
  ]);
  const found = new Map<number, FlowVolume[]>();
  for (const sensor of sensors) {
    const [byLine, byStep] = [linear.get(sensor.id), step.get(sensor.id)];
    if (!byLine || !byStep) continue;
    const methods = methodHistory(sensor);
    const parts = byLine.map((part, index) =>
      valueAt(methods, part.start) === 'LINEAR' ? part : byStep[index]!,
    );
    found.set(sensor.id, joined(parts, boundaries));
  }
  return found;
}

/** The boundaries, and the instants between them at which a method changes, ascending. */
function cutsOf(sensors: readonly MethodHistory[], boundaries: readonly Date[]): Date[] {
  const [first, last] = [boundaries[0]!.getTime(), boundaries.at(-1)!.getTime()];
  const changes = sensors
    .flatMap(({ methodChangedAt }) => methodChangedAt ?? [])
    .map((instant) => instant.getTime())
    .filter((time) => time > first && time < last);
  const known = new Set(boundaries.map((boundary) => boundary.getTime()));
  const added = [...new Set(changes)].filter((time) => !known.has(time));
  if (added.length === 0) return [...boundaries];
  return [...boundaries.map((boundary) => boundary.getTime()), ...added]
    .sort((a, b) => a - b)
    .map((time) => new Date(time));
}

function joined(parts: readonly FlowVolume[], boundaries: readonly Date[]): FlowVolume[] {
  let next = 0;
  return boundaries.slice(1).map((end, index) => {
    const start = boundaries[index]!;
    const own: FlowVolume[] = [];
    do own.push(parts[next++]!);
    while (own.at(-1)!.end < end);
    return own.length === 1 ? own[0]! : join(start, end, own);
  });
}

function join(start: Date, end: Date, parts: readonly FlowVolume[]): FlowVolume {
  const sum = (figure: (part: FlowVolume) => number) =>
    parts.reduce((total, part) => total + figure(part), 0);
  // Whole milliseconds, and so is their sum.
  const seconds = (figure: (part: FlowVolume) => number) => Math.round(sum(figure) * 1000) / 1000;
  const known = (figure: (part: FlowVolume) => number | null) =>
    parts.map(figure).filter((value) => value !== null);
  const spanned = (part: FlowVolume) => part.durationGood + part.durationInterpolated;
  const durationGood = seconds((part) => part.durationGood);
  const [minima, maxima, averages] = [
    known((part) => part.minFlowrate),
    known((part) => part.maxFlowrate),
    known((part) => part.averageFlowrate),
  ];
  const [first, last] = [parts[0]!.sources[0]!, parts.at(-1)!.sources[0]!];
  const average = sum((part) => (part.averageFlowrate ?? 0) * spanned(part)) / sum(spanned);
  return {
    start,
    end,
    volume: sum((part) => part.volume),
    volumeMeasured: sum((part) => part.volumeMeasured),
    volumeInterpolated: sum((part) => part.volumeInterpolated),
    durationGood,
    durationInterpolated: seconds((part) => part.durationInterpolated),
    durationMissing: seconds((part) => part.durationMissing),
    coverage: (durationGood * 1000) / (end.getTime() - start.getTime()),
    pingCount: sum((part) => part.pingCount),
    minFlowrate: minima.length > 0 ? Math.min(...minima) : null,
    maxFlowrate: maxima.length > 0 ? Math.max(...maxima) : null,
    averageFlowrate:
      averages.length > 0
        ? Math.min(Math.max(average, Math.min(...averages)), Math.max(...averages))
        : null,
    sources: [{ ...first, endMethod: last.endMethod }],
  };
}

/** To 9 decimals and then to 6, halves away from zero, as the database rounds volumes. */
export function roundVolume(volume: number): number {
  const nine = roundHalfUp(Math.abs(volume), 9);
  return Math.sign(volume) * roundHalfUp(nine, 6);
}

/** Of the shortest text that reads back as the same double: what is not negative, to `decimals`. */
function roundHalfUp(value: number, decimals: number): number {
  return shifted(Math.round(shifted(value, decimals)), -decimals);
}

/** `value` times 10 to the power of `by`, without the error of a multiplication. */
function shifted(value: number, by: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + by}`);
}
