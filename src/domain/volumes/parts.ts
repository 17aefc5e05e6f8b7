import type { FlowVolume, VolumeSource } from './flow-volume.js';

/** The boundaries, and those of the instants that lie between the first and the last, ascending. */
export function cutAt(boundaries: readonly Date[], instants: readonly Date[]): Date[] {
  const [first, last] = [boundaries[0]!.getTime(), boundaries.at(-1)!.getTime()];
  const changes = instants
    .map((instant) => instant.getTime())
    .filter((time) => time > first && time < last);
  const known = new Set(boundaries.map((boundary) => boundary.getTime()));
  const added = [...new Set(changes)].filter((time) => !known.has(time));
  if (added.length === 0) return [...boundaries];
  return [...boundaries.map((boundary) => boundary.getTime()), ...added]
    .sort((a, b) => a - b)
    .map((time) => new Date(time));
}

/** The volumes between neighbouring boundaries, of those of the parts that they were cut into. */
export function joinParts(parts: readonly FlowVolume[], boundaries: readonly Date[]): FlowVolume[] {
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
    sources: joinSources(parts),
  };
}

function joinSources(parts: readonly FlowVolume[]): VolumeSource[] {
  const joined = new Map<number, VolumeSource>();
  for (const { start, end, sources } of parts) {
    for (const source of sources) {
      const first = joined.get(source.sensorId) ?? source;
      const { startMethod: method, meterFactor } = source;
      const own = source.spans ?? [{ start, end, method, meterFactor }];
      const spans = [...(first === source ? [] : first.spans!), ...own];
      joined.set(source.sensorId, { ...first, endMethod: source.endMethod, spans });
    }
  }
  return [...joined.values()];
}
