import uPlot from 'uplot';
import type { Colours } from '../use-colours.js';
import { axes, zoned } from './axes.js';
import { pointedShare } from './pointed-share.js';

interface Line {
  /** how much later it is drawn, in milliseconds */
  readonly shift: number;
  readonly points: readonly { readonly datetime: string; readonly average: number }[];
  readonly outages: readonly { readonly start: string; readonly end: string }[];
}

/** Dashes tell lines apart beside their colours; the same as in compare.css. */
export const DASHES: readonly number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 3], [1, 2]];

/** Lines over one axis of time, each with a gap in each of its outages. */
export function lines(all: readonly Line[]): uPlot.AlignedData {
  const tables = all.map(({ shift, points, outages }): uPlot.AlignedData => {
    const seconds = (instant: number) => (instant + shift) / 1000;
    const gaps = outages.map(({ start, end }) => ({
      x: seconds((Date.parse(start) + Date.parse(end)) / 2),
      y: null,
    }));
    const values = points.map(({ datetime, average }) => ({
      x: seconds(Date.parse(datetime)),
      y: average,
    }));
    const rows = [...values, ...gaps].sort((a, b) => a.x - b.x);
    return [rows.map(({ x }) => x), rows.map(({ y }) => y)];
  });
  return tables.length === 0
    ? [[]]
    : uPlot.join(
        tables,
        tables.map(() => [1, 2]),
      );
}

export function linesOptions({
  colours,
  timeZone,
  strokes,
  onPoint,
  onSelect,
}: {
  colours: Colours;
  timeZone: string;
  strokes: readonly string[];
  /** the pointer's place, as a share of the plot's width; undefined outside of the plot */
  onPoint: (share: number | undefined) => void;
  /** a part of the range was selected, in milliseconds since 1970 */
  onSelect: (start: number, end: number) => void;
}): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    tzDate: zoned(timeZone),
    legend: { show: false },
    axes: axes(colours),
    scales: { x: { time: true, auto: false } },
    series: [
      {},
      ...strokes.map((stroke, index) => ({
        ...{ stroke, width: 1.5, points: { show: false } },
        dash: DASHES[index % DASHES.length]!,
      })),
    ],
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: false } },
    hooks: {
      setCursor: [(plot) => onPoint(pointedShare(plot))],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 3) return;
          const at = (pixel: number) => Math.round(plot.posToVal(pixel, 'x') * 1000);
          onSelect(at(left), at(left + width));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
