import { dateTime, quantity } from '../format.js';
import type { Range } from '../range/range.js';
import { timeTicks, valueTicks } from './ticks.js';

/** A plot as a picture to file: it says what it shows. Instants are milliseconds since 1970. */
export interface Picture {
  readonly title: string;
  readonly range: Range;
  readonly timeZone: string;
  readonly unit: string;
  readonly lines?: readonly PictureLine[];
  readonly bars?: readonly PictureBar[];
  /** stretches without readings */
  readonly outages?: readonly Range[];
  /** what the fillings mean; lines have names */
  readonly notes?: readonly string[];
}

interface PictureLine {
  readonly name: string;
  /** null: a gap */
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
}

interface PictureBar extends Range {
  readonly from: number;
  readonly to: number;
  readonly series: number;
  readonly isHatched?: boolean;
}

export const WIDTH = 1200;
const PLOT = { left: 80, right: 1180, top: 84, bottom: 470 };
const LEGEND_TOP = 540;
const LINE_HEIGHT = 20;
// Those of the light theme, whatever the screen shows: it is printed.
const SERIES = ['#0b6477', '#b34700', '#6b3fa0', '#1a6b3c', '#a8216b', '#5c5c00'];
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '5 3', '1 2'];
const TEXT = '#16211f';
const QUIET = '#52616a';

export function pictureHeight({ lines = [], notes = [] }: Picture): number {
  return LEGEND_TOP + (Math.max(lines.length - 1, 0) + notes.length + 1) * LINE_HEIGHT;
}

/** A document of SVG 1.1, without scripts and without anything from elsewhere. */
export function pictureSvg(picture: Picture): string {
  const { title, range, timeZone, unit, lines = [], bars = [], outages = [] } = picture;
  const height = pictureHeight(picture);
  const values = [
    ...lines.flatMap(({ points }) => points.flatMap(({ value }) => value ?? [])),
    ...bars.flatMap(({ from, to }) => [from, to]),
  ];
  const low = values.reduce((least, each) => Math.min(least, each), 0);
  const high = values.reduce((most, each) => Math.max(most, each), 0);
  const ticks = valueTicks(low, high, 6);
  const [bottom, top] = [ticks[0]!, ticks.at(-1)!];
  const x = (at: number) =>
    PLOT.left + ((at - range.start) / (range.end - range.start)) * (PLOT.right - PLOT.left);
  const y = (value: number) =>
    PLOT.bottom - ((value - bottom) / (top - bottom)) * (PLOT.bottom - PLOT.top);
  const between = `${dateTime(new Date(range.start), timeZone, true)} – ${dateTime(new Date(range.end), timeZone, true)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    HATCHES,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(20, 32, title, `font-size="20" font-weight="700"`),
    text(20, 56, `${between} (${timeZone}); ${unit}`, `fill="${QUIET}"`),
    ...ticks.map((tick) => horizontal(y(tick), quantity(tick))),
    ...timeTicks(range, timeZone, 10).map((tick) => vertical(x(tick), tick, timeZone)),
    '<g clip-path="url(#plot)">',
    ...outages.map(({ start, end }) =>
      rect(x(start), PLOT.top, x(end) - x(start), PLOT.bottom - PLOT.top, 'url(#outage)'),
    ),
    ...bars.map(({ start, end, from, to, series, isHatched }) => {
      const [upper, lower] = [y(Math.max(from, to)), y(Math.min(from, to))];
      const place = series % SERIES.length;
      const fill = isHatched ? `url(#interpolated-${place})` : SERIES[place]!;
      return rect(x(start), upper, Math.max(x(end) - x(start) - 1, 0.5), lower - upper, fill);
    }),
    ...lines.map((line, index) => path(line, index, x, y)),
    '</g>',
    ...legend(picture),
    '</svg>',
  ].join('\n');
}

const HATCHES = `<defs>
<clipPath id="plot"><rect x="${PLOT.left}" y="${PLOT.top}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top}"/></clipPath>
${SERIES.map((colour, index) => `<pattern id="interpolated-${index}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#e9f0f2"/><path d="M0 6 6 0" stroke="${colour}"/></pattern>`).join('\n')}
<pattern id="outage" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fcefd6"/><path d="M0 8 8 0" stroke="#855100" stroke-opacity="0.45"/></pattern>
</defs>`;

function path(
  { points }: PictureLine,
  index: number,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let isOpen = false;
  const parts = points.map(({ at, value }) => {
    const command = value === null ? '' : `${isOpen ? 'L' : 'M'}${fixed(x(at))} ${fixed(y(value))}`;
    isOpen = value !== null;
    return command;
  });
  const dashes = DASHES[index % DASHES.length];
  return `<path d="${parts.join('')}" fill="none" stroke="${SERIES[index % SERIES.length]!}" stroke-width="1.5" stroke-dasharray="${dashes || 'none'}"/>`;
}

function legend({ lines = [], notes = [] }: Picture): string[] {
  const names = lines.map(({ name }, index) => {
    const top = LEGEND_TOP + index * LINE_HEIGHT;
    const dashes = DASHES[index % DASHES.length] || 'none';
    return `<path d="M20 ${top - 5}H60" stroke="${SERIES[index % SERIES.length]!}" stroke-width="3" stroke-dasharray="${dashes}"/>${text(70, top, name)}`;
  });
  const rest = notes.map((note, index) =>
    text(20, LEGEND_TOP + (lines.length + index) * LINE_HEIGHT, note, `fill="${QUIET}"`),
  );
  return [...names, ...rest];
}

function horizontal(y: number, label: string): string {
  const line = `<path d="M${PLOT.left} ${fixed(y)}H${PLOT.right}" stroke="#d9e0e3"/>`;
  return line + text(PLOT.left - 8, y + 4, label, `text-anchor="end" fill="${QUIET}"`);
}

function vertical(x: number, at: number, timeZone: string): string {
  const [date = '', time = ''] = dateTime(new Date(at), timeZone).split(/, (?=\d\d:\d\d)/);
  const line = `<path d="M${fixed(x)} ${PLOT.top}V${PLOT.bottom + 5}" stroke="#d9e0e3"/>`;
  const label = `text-anchor="middle" fill="${QUIET}"`;
  return line + text(x, PLOT.bottom + 22, time, label) + text(x, PLOT.bottom + 40, date, label);
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(height)}" fill="${fill}"/>`;
}

function text(x: number, y: number, content: string, attributes = `fill="${TEXT}"`): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
}
