import { partsOf } from '../../charts/grouped-bars.js';
import type { Picture } from '../../charts/picture.js';
import { flowrateUnit, volumeUnit } from '../../display-units.js';
import type { Range } from '../../range/range.js';
import type { ComparedSeries } from './comparison.js';

/** What the fillings of the bars mean. */
export const FILLINGS = 'Solid: measured; hatched: interpolated over outages.';

/** The lines that are compared as a picture. */
export function linesPicture(
  series: readonly ComparedSeries[],
  range: Range,
  timeZone: string,
): Picture {
  return {
    title: `${titleOf(series)}: flowrates compared`,
    ...{ range, timeZone, unit: flowrateUnit },
    lines: series.map(({ name, points, outages, shift }) => ({
      name,
      points: [
        ...points.map(({ datetime, average }) => ({
          ...{ at: Date.parse(datetime) + shift, value: average },
        })),
        ...outages.map(({ start, end }) => ({
          ...{ at: (Date.parse(start) + Date.parse(end)) / 2 + shift, value: null },
        })),
      ].sort((a, b) => a.at - b.at),
    })),
  };
}

/** The bars that are compared as a picture, with the total of each. */
export function barsPicture(
  series: readonly ComparedSeries[],
  range: Range,
  timeZone: string,
  format: (volume: number) => string,
): Picture {
  const [first] = series;
  return {
    title: `${titleOf(series)}: volumes compared`,
    ...{ range, timeZone, unit: volumeUnit },
    bars: series.flatMap(({ volumes }, index) =>
      volumes.flatMap((bar, place) => {
        const bucket = first?.volumes[place];
        if (!bucket || !bar.hasData) return [];
        const width = (bucket.end - bucket.start) / series.length;
        const start = bucket.start + first.shift + index * width;
        const { solid, hatched } = partsOf(bar);
        const part = ([from, to]: readonly [number, number], isHatched: boolean) =>
          from === to ? [] : [{ start, end: start + width, from, to, series: index, isHatched }];
        return [...part(solid, false), ...part(hatched, true)];
      }),
    ),
    // Without points: only their names and colours.
    lines: series.map(({ name, total }) => ({
      name: `${name}: ${total.hasData ? `${format(total.volume)} ${volumeUnit}` : 'no data'}`,
      points: [],
    })),
    notes: [FILLINGS],
  };
}

function titleOf(series: readonly ComparedSeries[]): string {
  return [...new Set(series.map(({ sensorName }) => sensorName))].join(', ');
}
