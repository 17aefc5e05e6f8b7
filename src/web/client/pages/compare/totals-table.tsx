import { Link } from 'wouter';
import { Coverage } from '../../components/coverage.js';
import { volumeUnit } from '../../display-units.js';
import { dateTime } from '../../format.js';
import { iso } from '../../range/range.js';
import { difference, type ComparedSeries } from './comparison.js';
import { percentOf, signed } from '../../signed.js';
import { Swatch } from './swatch.js';

/** What flowed in the whole range, beside the first one. */
export function TotalsTable({
  series,
  format,
  timeZone,
}: {
  series: readonly ComparedSeries[];
  format: (volume: number) => string;
  timeZone: string;
}) {
  const first = series[0]?.total;
  const sensors = new Set(series.map(({ sensorId }) => sensorId));
  const isSum = sensors.size > 1 && sensors.size === series.length;
  const sum = series.reduce((all, { total }) => all + total.volume, 0);
  return (
    <div className="scroll" role="group" aria-label="Totals" tabIndex={0}>
      <table className="compare-table">
        <caption className="visually-hidden">Totals of the range</caption>
        <thead>
          <tr>
            <th scope="col">Compared</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            {['Volume', 'Of it interpolated', 'Difference to the first'].map((name) => (
              <th key={name} scope="col" className="number">
                {name} ({volumeUnit})
              </th>
            ))}
            <th scope="col" className="number">
              %
            </th>
            <th scope="col">Time measured</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ key, name, sensorId, total, range }, index) => {
            const more = index === 0 ? undefined : difference(total, first);
            const query = new URLSearchParams({ start: iso(range.start), end: iso(range.end) });
            return (
              <tr key={key}>
                <th scope="row">
                  <Swatch index={index} />{' '}
                  <Link href={`/sensors/${sensorId}?${query.toString()}`}>
                    <bdi>{name}</bdi>
                  </Link>
                </th>
                <td>{dateTime(new Date(total.start), timeZone)}</td>
                <td>{dateTime(new Date(total.end), timeZone)}</td>
                <td className="number">{total.hasData ? format(total.volume) : 'No data'}</td>
                <td className="number">
                  {total.interpolated === 0 ? '–' : format(total.interpolated)}
                </td>
                <td className="number">{signed(more, format)}</td>
                <td className="number">{percentOf(more, first?.volume)}</td>
                <td>
                  <Coverage share={total.measured} />
                </td>
              </tr>
            );
          })}
        </tbody>
        {isSum && (
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                Sum
              </th>
              <td className="number">{format(sum)}</td>
              <td colSpan={4} />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
