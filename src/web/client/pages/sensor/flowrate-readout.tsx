import type { Outage } from '../../charts/flowrate-data.js';
import { dateTime, duration, flowrate, quantity, utc } from '../../format.js';
import type { Points } from './flowrate-table.js';

/** The figures of the point nearest to the instant that is pointed at, or the outage there. */
export function FlowrateReadout({
  series,
  instant,
  timeZone,
  outages,
  isSpoken,
}: {
  series: Points;
  /** milliseconds since 1970 */
  instant: number | undefined;
  timeZone: string;
  outages: readonly Outage[];
  /** whether screen readers read it: values are chosen by keys */
  isSpoken: boolean;
}) {
  return (
    <div aria-live={isSpoken ? 'polite' : 'off'}>
      <Value series={series} instant={instant} timeZone={timeZone} outages={outages} />
    </div>
  );
}

function Value({
  series,
  instant,
  timeZone,
  outages,
}: {
  series: Points;
  instant: number | undefined;
  timeZone: string;
  outages: readonly Outage[];
}) {
  if (instant === undefined) {
    return <p className="readout quiet">Point at or tap the plot to read a value.</p>;
  }
  const outage = outages.find(
    ({ start, end }) => Date.parse(start) < instant && instant < Date.parse(end),
  );
  if (outage) return <OutageReadout outage={outage} timeZone={timeZone} />;
  const point = nearest(series, instant);
  if (!point) return <p className="readout">No readings here</p>;
  const { datetime, average, min, max } = point;
  const at = new Date(datetime);
  return (
    <p className="readout">
      <strong>{dateTime(at, timeZone, true)}</strong> <span className="quiet">{utc(at)}</span>{' '}
      {flowrate(average)}
      {min !== max && (
        <span className="quiet">
          {' '}
          from {quantity(min)} to {quantity(max)}
        </span>
      )}
    </p>
  );
}

function OutageReadout({ outage, timeZone }: { outage: Outage; timeZone: string }) {
  const [start, end] = [new Date(outage.start), new Date(outage.end)];
  return (
    <p className="readout">
      <strong>Outage</strong> from {dateTime(start, timeZone, true)} to{' '}
      {dateTime(end, timeZone, true)}{' '}
      <span className="quiet">({duration(end.getTime() - start.getTime())} without a reading)</span>
    </p>
  );
}

function nearest(series: Points, instant: number): Points[number] | undefined {
  const distance = ({ datetime }: Points[number]) => Math.abs(Date.parse(datetime) - instant);
  let [low, high] = [0, series.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (distance(series[middle]!) <= distance(series[middle + 1]!)) high = middle;
    else low = middle + 1;
  }
  return series[low];
}
