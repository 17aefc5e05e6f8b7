import type uPlot from 'uplot';
import type { Colours } from '../use-colours.js';
import { axes, zoned } from './axes.js';
import { hatch } from './hatch.js';
import { pointedShare } from './pointed-share.js';

/**
 * A stretch of time and what flowed in it. Instants are milliseconds since 1970, volumes are in
 * the user’s unit.
 */
export interface Bar {
  readonly start: number;
  readonly end: number;
  /** the part between the sensor's first reading and its last one */
  readonly covered: { readonly start: number; readonly end: number };
  /** up to where readings are missing, not only pending */
  readonly missingUntil: number;
  readonly volume: number;
  readonly measured: number;
  readonly interpolated: number;
}

export interface VolumePlotSettings {
  readonly colours: Colours;
  readonly timeZone: string;
  /** called whenever the plot is drawn */
  readonly bars: () => readonly Bar[];
  /** the pointer's place, as a share of the plot's width; undefined outside of the plot */
  readonly onPoint: (share: number | undefined) => void;
  /** the same of a click */
  readonly onSelect: (share: number) => void;
}

/**
 * Bars as wide as the time that readings cover, and as high as the volume: solid where it is
 * measured, hatched where it is interpolated over outages. Time without readings is grey from top
 * to bottom.
 */
export function volumeOptions(
  settings: VolumePlotSettings,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { colours, timeZone } = settings;
  return {
    tzDate: zoned(timeZone),
    legend: { show: false },
    axes: axes(colours),
    scales: {
      x: { time: true, auto: false },
      y: { range: () => heightRange(settings.bars()) },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: {
      init: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            const share = pointedShare(plot);
            if (share !== undefined) settings.onSelect(share);
          }),
      ],
      draw: [(plot) => drawBars(plot, settings.bars(), colours)],
      setCursor: [(plot) => settings.onPoint(pointedShare(plot))],
    },
  };
}

export function volumeData(bars: readonly Bar[]): uPlot.AlignedData {
  return [bars.map(({ start }) => start / 1000), bars.map(({ volume }) => volume)];
}

/** Bars begin at zero: otherwise their heights would mislead. */
function heightRange(bars: readonly Bar[]): [number, number] {
  const heights = bars.flatMap(({ volume, measured, interpolated }) => [
    volume,
    measured,
    interpolated,
  ]);
  const low = heights.reduce((least, height) => Math.min(least, height), 0);
  const high = heights.reduce((most, height) => Math.max(most, height), 0);
  return low === high ? [0, 1] : [low * 1.08, high * 1.08];
}

function drawBars(plot: uPlot, bars: readonly Bar[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const x = (instant: number) => plot.valToPos(instant / 1000, 'x', true);
  const y = (volume: number) => plot.valToPos(volume, 'y', true);
  const fill = (
    style: string | CanvasPattern,
    { start, end }: { start: number; end: number },
    from: number,
    to: number,
  ) => {
    const [left, right] = [x(start), x(end)];
    if (right <= left || from === to) return;
    const gap = right - left > 4 ? 1 : 0;
    ctx.fillStyle = style;
    ctx.fillRect(left, from, Math.max(right - left - gap, 0.5), to - from);
  };
  const interpolatedStyle = hatch(ctx, colours.soft, colours.line);
  const missingStyle = hatch(ctx, colours.grid, colours.text);
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { start, covered, missingUntil, volume, measured, interpolated } of bars) {
    fill(missingStyle, { start, end: covered.start }, top, bottom);
    fill(missingStyle, { start: covered.end, end: missingUntil }, top, bottom);
    const isOpposite = measured * interpolated < 0;
    const base = isOpposite ? 0 : measured;
    fill(colours.line, covered, y(0), y(measured));
    fill(interpolatedStyle, covered, y(base), y(base + interpolated));
    // The net volume, if both directions flowed.
    if (isOpposite) fill(colours.text, covered, y(volume) - 1, y(volume) + 1);
  }
  ctx.fillStyle = colours.text;
  ctx.fillRect(bbox.left, y(0), bbox.width, 1);
  ctx.restore();
}
