import type uPlot from 'uplot';
import type { Colours } from '../use-colours.js';
import { axes, zoned } from './axes.js';
import { hatch } from './hatch.js';

/** Volumes that are compared: bars beside each other in a stretch of time (milliseconds since 1970). */
export interface BarGroup {
  readonly start: number;
  readonly end: number;
  /** undefined: not known */
  readonly bars: readonly (GroupedBar | undefined)[];
}

export interface GroupedBar {
  readonly volume: number;
  /** its part that is interpolated over outages */
  readonly interpolated: number;
}

/** From where to where a bar is solid, where it is measured, and hatched, where it is interpolated. */
export function partsOf({ volume, interpolated }: GroupedBar) {
  const measured = volume - interpolated;
  const base = measured * interpolated < 0 ? 0 : measured;
  return { solid: [0, measured], hatched: [base, base + interpolated] } as const;
}

/** One group of bars for each stretch of time: solid where they are measured, hatched where interpolated over outages. */
export function groupedBarsOptions({
  colours,
  timeZone,
  fills,
  groups,
}: {
  colours: Colours;
  timeZone: string;
  fills: readonly string[];
  /** called whenever the plot is drawn */
  groups: () => readonly BarGroup[];
}): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    tzDate: zoned(timeZone),
    legend: { show: false },
    axes: axes(colours),
    scales: { x: { time: true, auto: false }, y: { range: () => heights(groups()) } },
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: { show: false },
    hooks: { draw: [(plot) => draw(plot, groups(), fills, colours)] },
  };
}

export function groupedBarsData(groups: readonly BarGroup[]): uPlot.AlignedData {
  return [groups.map(({ start }) => start / 1000), groups.map(({ bars }) => bars[0]?.volume ?? 0)];
}

/** Bars begin at zero: otherwise their heights would mislead. */
function heights(groups: readonly BarGroup[]): [number, number] {
  const known = groups.flatMap(({ bars }) =>
    bars.flatMap((bar) => (bar ? Object.values(partsOf(bar)).flat() : [])),
  );
  const low = known.reduce((least, height) => Math.min(least, height), 0);
  const high = known.reduce((most, height) => Math.max(most, height), 0);
  return low === high ? [0, 1] : [low * 1.08, high * 1.08];
}

function draw(
  plot: uPlot,
  groups: readonly BarGroup[],
  fills: readonly string[],
  colours: Colours,
): void {
  const { ctx, bbox } = plot;
  const y = (volume: number) => plot.valToPos(volume, 'y', true);
  const hatches = fills.map((fill) => hatch(ctx, colours.grid, fill));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { start, end, bars } of groups) {
    const left = plot.valToPos(start / 1000, 'x', true);
    const room = plot.valToPos(end / 1000, 'x', true) - left;
    const width = (room - Math.min(room * 0.15, 8)) / fills.length;
    for (const [index, bar] of bars.entries()) {
      if (!bar) continue;
      const { solid, hatched } = partsOf(bar);
      for (const [style, [from, to]] of [
        [fills[index]!, solid],
        [hatches[index]!, hatched],
      ] as const) {
        if (from === to) continue;
        ctx.fillStyle = style;
        ctx.fillRect(left + index * width, y(from), Math.max(width - 1, 0.5), y(to) - y(from));
      }
    }
  }
  ctx.fillStyle = colours.text;
  ctx.fillRect(bbox.left, y(0), bbox.width, 1);
  ctx.restore();
}
