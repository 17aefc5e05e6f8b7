import type { TimeRange } from '../../storage/postgres/time-range.js';
import type { VolumeSpan } from '../../storage/volumes/bucket-volume.js';
import type { TotalizerRange, TotalizerStore } from '../../storage/volumes/totalizer-store.js';
import type { VolumeMethod } from '../../storage/volumes/volume-store.js';
import { requireScope, type Principal } from '../shared/principal.js';
import type { FlowVolume } from './flow-volume.js';

/** What a meter counted by itself, beside the integral of its flowrate over the same time; barrels. */
export interface TotalizerVolume extends TimeRange {
  /** the difference of the totalizer times the meter factor */
  readonly volume: number;
  /** how often the totalizer was set back: what it showed before and after that is not compared */
  readonly resets: number;
  /** the integral of the flowrate times the meter factor */
  readonly rateVolume: number;
  /** volume - rateVolume */
  readonly difference: number;
}

/** A part of a volume in which one meter factor is in force. */
interface Part extends TimeRange {
  /** which of the volumes it is a part of */
  readonly index: number;
  readonly sensorId: number;
  readonly factor: number;
}

/** Reads what meters count by themselves. */
export class TotalizerVolumes {
  constructor(private readonly store: TotalizerStore) {}

  /**
   * Of each volume that was computed before, from the first reading with a totalizer at or after its
   * start to the last one at or before its end: nothing is interpolated. Three statements at most for each
   * `asOf` that is among them, for any number of volumes.
   *
   * Null where fewer than two readings have one, where the meter factor changes between two of those,
   * over several sensors, and over thinned readings.
   */
  async of(
    principal: Principal,
    volumes: readonly FlowVolume[],
  ): Promise<(TotalizerVolume | null)[]> {
    requireScope(principal, 'READ');
    const byInstant = new Map<
      number | undefined,
      { readonly volume: FlowVolume; readonly place: number }[]
    >();
    volumes.forEach((volume, place) => {
      const instant = volume.sources[0]?.asOf?.getTime();
      const some = byInstant.get(instant);
      if (some) some.push({ volume, place });
      else byInstant.set(instant, [{ volume, place }]);
    });
    const found = volumes.map((): TotalizerVolume | null => null);
    await Promise.all(
      [...byInstant.values()].map(async (some) => {
        const own = await this.asOf(
          principal,
          some.map(({ volume }) => volume),
        );
        some.forEach(({ place }, index) => (found[place] = own[index]!));
      }),
    );
    return found;
  }

  /** Of volumes that are all as of one instant, or of now. */
  private async asOf(
    principal: Principal,
    volumes: readonly FlowVolume[],
  ): Promise<(TotalizerVolume | null)[]> {
    const spans = volumes.map(spansOf);
    const parts = volumes.flatMap(({ sources }, index) =>
      byFactor(spans[index]!).map((part): Part => ({
        ...part,
        ...{ index, sensorId: sources[0]!.sensorId },
      })),
    );
    if (parts.length === 0) return volumes.map(() => null);
    const found = await this.store.ranges(principal, parts, volumes[0]!.sources[0]?.asOf);
    const ranges = volumes.map((): TotalizerRange[] => []);
    parts.forEach(({ index, factor }, place) => {
      const range = found[place];
      if (range) ranges[index]!.push({ ...range, volume: range.volume * factor });
    });
    const indicated = ranges.map(joined);
    const rates = await this.rateVolumes(principal, volumes, spans, indicated);
    return indicated.map((total, index) => {
      if (!total) return null;
      const rateVolume = rates[index]!;
      return { ...total, rateVolume, difference: total.volume - rateVolume };
    });
  }

  private async rateVolumes(
    principal: Principal,
    volumes: readonly FlowVolume[],
    spans: readonly (readonly VolumeSpan[])[],
    within: readonly (TimeRange | null)[],
  ): Promise<number[]> {
    const parts = spans.flatMap((own, index) => {
      const range = within[index];
      if (!range) return [];
      const { sensorId } = volumes[index]!.sources[0]!;
      return own.flatMap(({ start, end, method, meterFactor = 1 }) => {
        const [from, to] = [later(start, range.start), earlier(end, range.end)];
        return from < to ? [{ index, sensorId, start: from, end: to, method, meterFactor }] : [];
      });
    });
    const sums = volumes.map(() => 0);
    const byMethod = async (method: VolumeMethod) => {
      const some = parts.filter((part) => part.method === method);
      if (some.length === 0) return;
      const { asOf } = volumes[some[0]!.index]!.sources[0]!;
      const found = await this.store.rateVolumes(principal, some, method, asOf);
      some.forEach(({ index, meterFactor }, place) => {
        sums[index]! += found[place]! * meterFactor;
      });
    };
    await Promise.all([byMethod('LINEAR'), byMethod('STEP')]);
    return sums;
  }
}

/** The parts of a volume that one sensor has, by method and meter factor; none of others. */
function spansOf({ start, end, sources }: FlowVolume): readonly VolumeSpan[] {
  const [source, ...others] = sources;
  if (!source || others.length > 0) return [];
  const { startMethod: method, meterFactor, spans } = source;
  if (!spans) return [{ start, end, method, meterFactor }];
  const isWhole =
    isSame(spans[0]!.start, start) &&
    isSame(spans.at(-1)!.end, end) &&
    spans.slice(1).every((span, index) => isSame(spans[index]!.end, span.start));
  return isWhole ? spans : [];
}

/** Neighbouring spans of the same meter factor as one. */
function byFactor(spans: readonly VolumeSpan[]): (TimeRange & { readonly factor: number })[] {
  const parts: (TimeRange & { factor: number })[] = [];
  for (const { start, end, meterFactor: factor = 1 } of spans) {
    const last = parts.at(-1);
    if (last?.factor === factor) parts.splice(-1, 1, { ...last, end });
    else parts.push({ start, end, factor });
  }
  return parts;
}

/** Null where they are not of readings that follow each other, or of one reading only. */
function joined(ranges: readonly TotalizerRange[]): TotalizerRange | null {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (!first || !last || isSame(first.start, last.end)) return null;
  const isWhole = ranges.slice(1).every(({ start }, index) => isSame(ranges[index]!.end, start));
  if (!isWhole) return null;
  return {
    start: first.start,
    end: last.end,
    volume: ranges.reduce((sum, { volume }) => sum + volume, 0),
    resets: ranges.reduce((sum, { resets }) => sum + resets, 0),
  };
}

function isSame(one: Date, other: Date): boolean {
  return one.getTime() === other.getTime();
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
