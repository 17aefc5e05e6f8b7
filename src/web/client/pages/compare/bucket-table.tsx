import { useState } from 'react';
import { Instant } from '../../components/instant.js';
import { iso } from '../../range/range.js';
import { difference, type ComparedSeries } from './comparison.js';
import { signed } from '../../signed.js';

/** The bars in words, rendered only while it is open; the first one's times. */
export function BucketTable(props: {
  series: readonly ComparedSeries[];
  format: (volume: number) => string;
  timeZone: string;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Volumes as a table</summary>
      {isOpen && <Table {...props} />}
    </details>
  );
}

function Table({ series, format, timeZone }: Parameters<typeof BucketTable>[0]) {
  const [first, ...others] = series;
  return (
    <div className="scroll table-box" tabIndex={0} role="region" aria-label="Volume table">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ key, name }) => (
              <th key={key} scope="col" className="number">
                <bdi>{name}</bdi>
              </th>
            ))}
            {others.map(({ key, name }) => (
              <th key={key} scope="col" className="number">
                Difference of <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first?.volumes.map((bucket, index) => (
            <tr key={bucket.start}>
              <th scope="row">
                <Instant at={iso(bucket.start)} timeZone={timeZone} />
              </th>
              {series.map(({ key, volumes }) => (
                <td key={key} className="number">
                  {volumes[index]?.hasData ? format(volumes[index].volume) : '–'}
                </td>
              ))}
              {others.map(({ key, volumes }) => (
                <td key={key} className="number">
                  {signed(difference(volumes[index], bucket), format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
