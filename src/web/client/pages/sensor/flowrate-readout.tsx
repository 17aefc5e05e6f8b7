import type uPlot from 'uplot';
import type { Outage } from '../../charts/flowrate-data.js';
import { dateTime, flowrate, quantity, utc } from '../../format.js';

/** The figures of the point that is pointed at. */
export function FlowrateReadout({
  data,
  index,
  timeZone,
  outages,
}: {
  data: uPlot.AlignedData;
  index: number | null | undefined;
  timeZone: string;
  outages: readonly Outage[];
}) {
  const time = typeof index === 'number' ? data[0][index] : undefined;
  if (time === undefined || typeof index !== 'number') {
    return <p className="readout quiet">Point at the plot to read a value.</p>;
  }
  const [min, max, average] = [1, 2, 3].map((column) => data[column]?.[index]);
  const instant = new Date(time * 1000);
  const isOutage = outages.some(
    ({ start, end }) => Date.parse(start) < time * 1000 && time * 1000 < Date.parse(end),
  );
  return (
    <p className="readout">
      <strong>{dateTime(instant, timeZone, true)}</strong>{' '}
      <span className="quiet">{utc(instant)}</span>{' '}
      {typeof average === 'number' ? flowrate(average) : isOutage ? 'outage' : ''}
      {typeof min === 'number' && typeof max === 'number' && min !== max && (
        <span className="quiet">
          {' '}
          from {quantity(min)} to {quantity(max)}
        </span>
      )}
    </p>
  );
}
