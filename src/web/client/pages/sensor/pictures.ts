import type { Outage } from '../../charts/flowrate-data.js';
import type { Picture } from '../../charts/picture.js';
import { flowrateUnit, volumeUnit } from '../../display-units.js';
import { percent } from '../../format.js';
import type { Points } from './flowrate-table.js';
import type { ViewState } from './use-view.js';
import type { VolumeAnswer } from './volume-answer.js';

const INTERVALS = { HOUR: 'hour', DAY: 'contract day', WEEK: 'week', MONTH: 'month' } as const;

/** The flowrate plot as a picture. */
export function flowratePicture(
  name: string,
  { view: { timeZone }, settled }: ViewState,
  series: Points,
  outages: readonly Outage[],
): Picture {
  const gaps = outages.map(({ start, end }) => ({
    start: Date.parse(start),
    end: Date.parse(end),
  }));
  const points = [
    ...series.map(({ datetime, average }) => ({ at: Date.parse(datetime), value: average })),
    ...gaps.map(({ start, end }) => ({ at: (start + end) / 2, value: null })),
  ].sort((a, b) => a.at - b.at);
  return {
    title: `${name}: flowrate`,
    range: settled,
    timeZone,
    unit: flowrateUnit,
    lines: [{ name: 'Average', points }],
    outages: gaps,
    notes: gaps.length > 0 ? ['Hatched: outage, no readings for longer than normal.'] : [],
  };
}

/** The bars as a picture, with the total of the range. */
export function volumePicture(name: string, timeZone: string, answer: VolumeAnswer): Picture {
  const { total, buckets, interval, format } = answer;
  const { figures, measured } = total;
  const time =
    measured.share === undefined ? '' : `, measured ${percent(measured.share)} of the time`;
  return {
    title: `${name}: volume by ${INTERVALS[interval]}`,
    range: { start: Date.parse(figures.start), end: Date.parse(figures.end) },
    timeZone,
    unit: volumeUnit,
    bars: buckets.flatMap(({ bar }) => {
      const place = { ...bar.covered, series: 0 };
      const base = bar.measured * bar.interpolated < 0 ? 0 : bar.measured;
      return [
        { ...place, from: 0, to: bar.measured },
        { ...place, from: base, to: base + bar.interpolated, isHatched: true },
      ].filter(({ from, to }) => from !== to);
    }),
    notes: [
      `Total ${format(total.volume)} ${volumeUnit}, of it ${format(total.interpolatedVolume)} interpolated over outages${time}.`,
      'Solid: measured; hatched: interpolated over outages.',
    ],
  };
}
