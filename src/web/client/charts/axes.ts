import uPlot from 'uplot';
import type { Colours } from '../use-colours.js';

const FONT = '12px system-ui, sans-serif';
/** the same in every plot, so that plots above each other line up */
const LEFT_AXIS = 58;

const DAY = 86_400;

// The axis writes dates in the order that the browser's language has in the text beside it.
const dateParts = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
  .formatToParts()
  .map(({ type }) => type);
const isDayFirst = dateParts.indexOf('day') < dateParts.indexOf('month');
const DATE = isDayFirst ? '{D} {MMM}' : '{MMM} {D}';
const DATE_AND_YEAR = isDayFirst ? `${DATE} {YYYY}` : `${DATE}, {YYYY}`;

// Each: from this distance of ticks (s) on, the text, then what is added where the year, month,
// day, … changes.
const TIMES: uPlot.Axis.Values = [
  [365 * DAY, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * DAY, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [DAY, DATE, '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', `\n${DATE_AND_YEAR}`, null, `\n${DATE}`, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', `\n${DATE_AND_YEAR}`, null, `\n${DATE}`, null, null, null, 1],
];

const compact = new Intl.NumberFormat(undefined, {
  notation: 'compact',
  maximumSignificantDigits: 4,
});

/** Time at the bottom, quantities on the left. */
export function axes({ text, grid }: Colours): uPlot.Axis[] {
  const shared: uPlot.Axis = {
    stroke: text,
    font: FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
  };
  return [
    { ...shared, values: TIMES, space: 72 },
    { ...shared, size: LEFT_AXIS, values: (_, ticks) => ticks.map((tick) => compact.format(tick)) },
  ];
}

/** Ticks at round times of the zone. */
export function zoned(timeZone: string): (seconds: number) => Date {
  return (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone);
}
