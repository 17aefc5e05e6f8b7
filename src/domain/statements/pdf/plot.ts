import type { InForce, SensorContent, StatementFigures, StatementReading } from '../document.js';
import { formatFlowrate, formatVolume } from './format.js';
import { SMALL_SIZE, TEXT_SIZE, type Pages } from './pages.js';

const HEIGHT = 70;
const GAP = 24;
const MEASURED = '#1f5f8b';
const INTERPOLATED = '#9dc3dd';

interface Scale {
  readonly min: number;
  readonly max: number;
}

interface Area {
  readonly scale: Scale;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly start: number;
  readonly end: number;
}

/** Draws the volume of each day, and the flowrate below it, over one axis of time. */
export function writePlots(
  pages: Pages,
  content: SensorContent,
  label: (instant: string) => string,
): void {
  pages.require(2 * (HEIGHT + GAP) + GAP);
  const { document, left, width } = pages;
  const { start, end } = content.period;
  const axis = { left, width, start: Date.parse(start), end: Date.parse(end) };
  const title = (text: string, { min, max }: Scale, format: (value: number) => string) => {
    const top = document.y;
    document.font('bold').fontSize(SMALL_SIZE).text(text, left, top, { lineBreak: false });
    const range = `${format(min)} to ${format(max)}`;
    document.font('regular').text(range, left, top, { width, align: 'right' });
    return document.y + 3;
  };
  const { days } = content;
  const volumes = scaleOf(days.flatMap((day) => [day.volumeMeasured, day.volume]));
  const VOLUMES = 'Volume of each day, bbl: measured, and interpolated (light)';
  const bars = { ...axis, scale: volumes, top: title(VOLUMES, volumes, formatVolume) };
  drawBars(pages, bars, days);
  document.y = bars.top + HEIGHT + 8;
  const good = content.readings.filter(({ quality }) => quality !== 'BAD');
  const flowrates = scaleOf(good.map(({ flowrate }) => flowrate));
  const FLOWRATE = 'Flowrate, bbl/d; a break is an outage';
  const line = { ...axis, scale: flowrates, top: title(FLOWRATE, flowrates, formatFlowrate) };
  drawFlowrate(pages, line, unbroken(content, good));
  const below = line.top + HEIGHT + 3;
  document.fontSize(SMALL_SIZE).text(label(start), left, below, { lineBreak: false });
  document.text(label(end), left, below, { width, align: 'right', lineBreak: false });
  document.fontSize(TEXT_SIZE);
  document.x = left;
  document.y = below + GAP / 2 + 4;
}

function drawBars(pages: Pages, area: Area, days: readonly StatementFigures[]): void {
  const { document } = pages;
  document.save();
  for (const { start, end, volumeMeasured, volumeInterpolated } of days) {
    const [x, next] = [xOf(area, Date.parse(start)), xOf(area, Date.parse(end))];
    const width = Math.max((next - x) * 0.85, 0.4);
    const bar = (from: number, to: number, color: string) => {
      const [top, bottom] = [yOf(area, Math.max(from, to)), yOf(area, Math.min(from, to))];
      document.rect(x, top, width, bottom - top).fill(color);
    };
    bar(0, volumeMeasured, MEASURED);
    // Parts of one sign are stacked; parts of both signs begin at 0.
    const base = Math.sign(volumeMeasured) === Math.sign(volumeInterpolated) ? volumeMeasured : 0;
    bar(base, base + volumeInterpolated, INTERPOLATED);
  }
  document.restore();
  frame(pages, area);
}

function drawFlowrate(
  pages: Pages,
  area: Area,
  segments: readonly (readonly StatementReading[])[],
): void {
  const { document } = pages;
  document.save().rect(area.left, area.top, area.width, HEIGHT).clip();
  for (const segment of segments) {
    const [first, second] = segment;
    if (second) drawLine(pages, area, segment);
    else if (first) {
      const x = xOf(area, Date.parse(first.datetime));
      document.circle(x, yOf(area, first.flowrate), 0.8).fill(MEASURED);
    }
  }
  document.restore();
  frame(pages, area);
}

/** The line of many readings: in each half point the first, the lowest, the highest and the last. */
function drawLine(pages: Pages, area: Area, readings: readonly StatementReading[]): void {
  const { document } = pages;
  const slots = new Map<number, { x: number; flowrates: number[] }>();
  for (const { datetime, flowrate } of readings) {
    const x = xOf(area, Date.parse(datetime));
    const slot = slots.get(Math.round(x * 2)) ?? { x, flowrates: [] };
    slots.set(Math.round(x * 2), slot);
    slot.flowrates.push(flowrate);
  }
  let isBegun = false;
  for (const { x, flowrates } of slots.values()) {
    const lowest = Math.min(...flowrates);
    const highest = Math.max(...flowrates);
    for (const flowrate of new Set([flowrates[0]!, lowest, highest, flowrates.at(-1)!])) {
      const y = yOf(area, flowrate);
      if (isBegun) document.lineTo(x, y);
      else document.moveTo(x, y);
      isBegun = true;
    }
  }
  document.lineWidth(0.6).strokeColor(MEASURED).stroke();
}

/** Readings between outages, those beside the period included. */
function unbroken(
  { maxGaps, readingBefore, readingAfter }: SensorContent,
  good: readonly StatementReading[],
): StatementReading[][] {
  const all = [readingBefore, ...good, readingAfter].filter((reading) => reading !== null);
  const segments: StatementReading[][] = [];
  let previous = -Infinity;
  for (const reading of all) {
    const time = Date.parse(reading.datetime);
    if (time - previous > maxGapAt(maxGaps, previous) * 1000) segments.push([]);
    segments.at(-1)!.push(reading);
    previous = time;
  }
  return segments;
}

function maxGapAt(maxGaps: readonly InForce<number>[], time: number): number {
  const inForce = maxGaps.filter(({ from }) => from === null || Date.parse(from) <= time);
  return (inForce.at(-1) ?? maxGaps[0]!).value;
}

function scaleOf(values: readonly number[]): Scale {
  let [min, max] = [0, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max: max > min ? max : min + 1 };
}

function xOf({ left, width, start, end }: Area, time: number): number {
  return left + ((time - start) / (end - start)) * width;
}

function yOf({ top, scale: { min, max } }: Area, value: number): number {
  return top + ((max - value) / (max - min)) * HEIGHT;
}

function frame({ document }: Pages, area: Area): void {
  const { left, top, width } = area;
  const zero = yOf(area, 0);
  document.lineWidth(0.4).strokeColor('#888').rect(left, top, width, HEIGHT).stroke();
  document
    .moveTo(left, zero)
    .lineTo(left + width, zero)
    .stroke();
}
