import { DAY_MS } from '../shared/durations.js';
import type { FlowVolume, VolumeMethod } from '../volumes/volumes.js';
import { cutAt, joinParts } from '../volumes/parts.js';

/** Milliseconds since 1970, bbl/d. */
interface EdgePing {
  readonly at: number;
  readonly flowrate: number;
  /** the meter factor at it */
  readonly factor: number;
}

/** The pings of one sensor in a history, at least one. */
export interface EdgePart {
  readonly sensorId: number;
  /** whether later pings of the sensor belong to it too */
  readonly isOpen: boolean;
  readonly first: EdgePing;
  readonly last: EdgePing;
  /** in force at the last ping */
  readonly maxGapMs: number;
  readonly method: VolumeMethod;
}

/** A stretch of a history from an instant on, up to the next one's. */
export type HistorySpan =
  | { readonly from: number; readonly kind: 'nothing' }
  | { readonly from: number; readonly kind: 'sensor'; readonly sensorId: number }
  /** from the last ping of one sensor to the first of the next, where there is one */
  | {
      readonly from: number;
      readonly kind: 'change';
      readonly last: EdgePing;
      readonly next: EdgePing | undefined;
      readonly method: VolumeMethod;
    };

/** The spans of a history, oldest first; its first one begins at -Infinity. */
export function historySpans(
  parts: readonly EdgePart[],
  method: VolumeMethod | undefined,
): HistorySpan[] {
  const spans: HistorySpan[] = [{ from: -Infinity, kind: 'nothing' }];
  parts.forEach(({ sensorId, isOpen, first, last, maxGapMs, method: own }, index) => {
    spans.push({ from: first.at, kind: 'sensor', sensorId });
    if (isOpen) return;
    const next = parts[index + 1]?.first;
    const isBridged = next !== undefined && next.at - last.at <= maxGapMs;
    spans.push({
      ...{ from: last.at, kind: 'change', last, method: method ?? own },
      next: isBridged ? next : undefined,
    });
    if (next && !isBridged) spans.push({ from: next.at, kind: 'nothing' });
  });
  return spans;
}

/**
 * The volumes of histories between neighbouring boundaries.
 * @param volumesBetween the volumes of each sensor of the spans between neighbouring cuts
 */
export async function historyVolumes(
  histories: ReadonlyMap<number, readonly HistorySpan[]>,
  boundaries: readonly Date[],
  volumesBetween: (cuts: readonly Date[]) => Promise<ReadonlyMap<number, readonly FlowVolume[]>>,
): Promise<Map<number, FlowVolume[]>> {
  const edges = [...histories.values()].flat().filter(({ from }) => Number.isFinite(from));
  const cuts = cutAt(
    boundaries,
    edges.map(({ from }) => new Date(from)),
  );
  const bySensor = await volumesBetween(cuts);
  return new Map(
    [...histories].map(([id, spans]) => {
      const parts = cuts.slice(1).map((end, index) => {
        const start = cuts[index]!;
        const span = spans.findLast(({ from }) => from <= start.getTime())!;
        const own = span.kind === 'sensor' && bySensor.get(span.sensorId)?.[index];
        return own || spanVolume(span, start, end);
      });
      return [id, joinParts(parts, boundaries)];
    }),
  );
}

/** The volume of a part of a span that lies in no sensor's own segments. */
function spanVolume(span: HistorySpan, start: Date, end: Date): FlowVolume {
  const seconds = (end.getTime() - start.getTime()) / 1000;
  const next = span.kind === 'change' ? span.next : undefined;
  const isPing = span.kind === 'change' && span.from === start.getTime() && seconds > 0;
  const flowrate = isPing ? span.last.flowrate : null;
  const bridged = next && span.kind === 'change' ? bridge(span, next, start, end) : undefined;
  return {
    ...{ start, end, volume: bridged?.volume ?? 0, volumeMeasured: bridged?.volume ?? 0 },
    ...{ volumeInterpolated: 0, durationInterpolated: 0 },
    durationGood: bridged ? seconds : 0,
    durationMissing: bridged ? 0 : seconds,
    coverage: bridged && seconds > 0 ? 1 : 0,
    pingCount: isPing ? 1 : 0,
    ...{ minFlowrate: flowrate, maxFlowrate: flowrate },
    averageFlowrate: bridged && seconds > 0 ? bridged.average : null,
    sources: [],
  };
}

/**
 * Barrels and bbl/d between two instants of the segment from one sensor's ping to the next's, each
 * flowrate times its own meter's factor.
 */
function bridge(
  { last, method }: Extract<HistorySpan, { kind: 'change' }>,
  next: EdgePing,
  start: Date,
  end: Date,
): { volume: number; average: number } {
  const [from, to] = [last.flowrate * last.factor, next.flowrate * next.factor];
  const at = (time: number) => from + (to - from) * ((time - last.at) / (next.at - last.at));
  const average = method === 'STEP' ? from : at(start.getTime()) / 2 + at(end.getTime()) / 2;
  return { volume: average * ((end.getTime() - start.getTime()) / DAY_MS), average };
}
