import type uPlot from 'uplot';
import type { Colours } from '../use-colours.js';
import { axes, zoned } from './axes.js';
import type { Outage } from './flowrate-data.js';
import { hatch } from './hatch.js';
import { pointedShare } from './pointed-share.js';

export interface FlowratePlotSettings {
  readonly colours: Colours;
  readonly timeZone: string;
  /** called whenever the plot is drawn */
  readonly outages: () => readonly Outage[];
  /** a part of the range was selected, in milliseconds since 1970 */
  readonly onSelect: (start: number, end: number) => void;
  /** the plot was dragged by a share of its width, to the right where positive */
  readonly onDrag: (share: number) => void;
  /** a double click */
  readonly onReset: () => void;
  /** a click without a drag, at a share of the plot's width */
  readonly onClick: (share: number) => void;
  /** corrected and deleted readings, milliseconds since 1970; called whenever the plot is drawn */
  readonly marks: () => readonly number[];
  /** the pointer's place, as a share of the plot's width; undefined outside of the plot */
  readonly onPoint: (share: number | undefined) => void;
}

/** Averages as a line, minimum to maximum as a band. */
export function flowrateOptions(
  settings: FlowratePlotSettings,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { colours, timeZone } = settings;
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return {
    tzDate: zoned(timeZone),
    legend: { show: false },
    axes: axes(colours),
    scales: { x: { time: true, auto: false } },
    series: [{}, edge, edge, { stroke: colours.line, width: 1.5, points: { size: 5 } }],
    bands: [{ series: [2, 1], fill: colours.band }],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: (_, series) => (series === 3 ? 8 : 0) },
      bind: {
        dblclick: () => () => {
          settings.onReset();
          return null;
        },
        mousedown: (plot, target, handler) => (event) => {
          if (event.shiftKey) drag(plot, event, settings.onDrag);
          else handler(event);
          target.closest<HTMLElement>('[tabindex]')?.focus({ preventScroll: true });
          return null;
        },
      },
    },
    hooks: {
      init: [(plot) => onClick(plot, settings.onClick)],
      draw: [(plot) => drawMarks(plot, settings.marks(), colours)],
      drawClear: [(plot) => shadeOutages(plot, settings.outages(), colours)],
      setCursor: [(plot) => settings.onPoint(pointedShare(plot))],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 3) return;
          const at = (pixel: number) => Math.round(plot.posToVal(pixel, 'x') * 1000);
          settings.onSelect(at(left), at(left + width));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function shadeOutages(plot: uPlot, outages: readonly Outage[], colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = hatch(ctx, colours.outage, colours.hatch);
  for (const { start, end } of outages) {
    const left = plot.valToPos(Date.parse(start) / 1000, 'x', true);
    const right = plot.valToPos(Date.parse(end) / 1000, 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(right - left, 1), bbox.height);
  }
  ctx.restore();
}

const MARK_SIZE = 5;
/** a pointer that moves further than this, in pixels, drags */
const CLICK_MOVEMENT = 3;

/** Triangles at the top of the plot. */
function drawMarks(plot: uPlot, marks: readonly number[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const size = MARK_SIZE * window.devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colours.hatch;
  for (const instant of marks) {
    const x = plot.valToPos(instant / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 2 * size);
    ctx.fill();
  }
  ctx.restore();
}

function onClick({ over }: uPlot, call: (share: number) => void): void {
  let pressed = NaN;
  over.addEventListener('mousedown', ({ clientX }) => (pressed = clientX));
  over.addEventListener('click', ({ clientX, shiftKey }) => {
    if (shiftKey || !(Math.abs(clientX - pressed) <= CLICK_MOVEMENT)) return;
    call((clientX - over.getBoundingClientRect().left) / over.clientWidth);
  });
}

function drag(plot: uPlot, { clientX }: MouseEvent, onDrag: (share: number) => void): void {
  let last = clientX;
  const move = (event: MouseEvent) => {
    onDrag((event.clientX - last) / plot.over.clientWidth);
    last = event.clientX;
  };
  const stop = () => {
    document.removeEventListener('mousemove', move);
    document.removeEventListener('mouseup', stop);
  };
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', stop);
}
