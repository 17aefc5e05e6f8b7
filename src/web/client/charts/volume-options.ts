import type uPlot from 'uplot';
import type { Colours } from '../use-colours.js';
import { axes, zoned } from './axes.js';
import { hatch } from './hatch.js';

export interface Bar {
  readonly start: string;
  readonly end: string;
  /** bbl */
  readonly volume: number;
  readonly coverage: number;
}

export interface VolumePlotParts {
  readonly colours: Colours;
  readonly timeZone: string;
  /** as they are when the plot is drawn */
  readonly bars: () => readonly Bar[];
  /** the instant that is pointed at, milliseconds since 1970 */
  readonly onPoint: (instant: number | undefined) => void;
}

/** Bars as wide as their buckets are long: filled as far as measured, hatched where bridged. */
export function volumeOptions(parts: VolumePlotParts): Omit<uPlot.Options, 'width' | 'height'> {
  const { colours, timeZone } = parts;
  return {
    tzDate: zoned(timeZone),
    legend: { show: false },
    axes: axes(colours),
    scales: {
      x: { time: true, auto: false },
      y: { range: () => heights(parts.bars()) },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: {
      draw: [(plot) => drawBars(plot, parts.bars(), colours)],
      setCursor: [
        (plot) => {
          const { left = -1 } = plot.cursor;
          parts.onPoint(left < 0 ? undefined : plot.posToVal(left, 'x') * 1000);
        },
      ],
    },
  };
}

export function volumeData(bars: readonly Bar[]): uPlot.AlignedData {
  return [bars.map(({ start }) => Date.parse(start) / 1000), bars.map(({ volume }) => volume)];
}

/** Bars begin at zero, or they lie. */
function heights(bars: readonly Bar[]): [number, number] {
  let [low, high] = [0, 0];
  for (const { volume } of bars) {
    low = Math.min(low, volume);
    high = Math.max(high, volume);
  }
  return low === high ? [0, 1] : [low * 1.08, high * 1.08];
}

function drawBars(plot: uPlot, bars: readonly Bar[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const zero = plot.valToPos(0, 'y', true);
  const bridged = hatch(ctx, colours.soft, colours.line);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { start, end, volume, coverage } of bars) {
    const left = plot.valToPos(Date.parse(start) / 1000, 'x', true);
    const right = plot.valToPos(Date.parse(end) / 1000, 'x', true);
    const gap = right - left > 4 ? 1 : 0;
    const height = plot.valToPos(volume, 'y', true) - zero;
    const width = Math.max(right - left - gap, 0.5);
    ctx.fillStyle = bridged;
    ctx.fillRect(left, zero, width, height);
    ctx.fillStyle = colours.line;
    ctx.fillRect(left, zero, width, height * coverage);
  }
  ctx.fillStyle = colours.text;
  ctx.fillRect(bbox.left, zero, bbox.width, 1);
  ctx.restore();
}
