import { useState } from 'react';
import type { VolumeFiguresFragment } from '../../../../generated/graphql/graphql.js';
import { Instant } from '../../components/instant.js';
import { percent, quantity } from '../../format.js';

const MOST_ROWS = 500;

/** The bars in words; made only when it is opened. */
export function VolumeTable({
  buckets,
  timeZone,
}: {
  buckets: readonly VolumeFiguresFragment[];
  timeZone: string;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Volumes as a table</summary>
      {isOpen && (
        <div className="scroll table-box" tabIndex={0} role="region" aria-label="Volume table">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col" className="number">
                  Volume (bbl)
                </th>
                <th scope="col" className="number">
                  Coverage
                </th>
                <th scope="col" className="number">
                  Average (bbl/d)
                </th>
                <th scope="col" className="number">
                  Pings
                </th>
              </tr>
            </thead>
            <tbody>
              {buckets.slice(0, MOST_ROWS).map((bucket) => (
                <tr key={bucket.start}>
                  <td>
                    <Instant at={bucket.start} timeZone={timeZone} />
                  </td>
                  <td>
                    <Instant at={bucket.end} timeZone={timeZone} />
                  </td>
                  <td className="number">{quantity(bucket.volume)}</td>
                  <td className="number">{percent(bucket.coverage)}</td>
                  <td className="number">
                    {typeof bucket.averageFlowrate === 'number'
                      ? quantity(bucket.averageFlowrate)
                      : '–'}
                  </td>
                  <td className="number">{quantity(bucket.pingCount)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {buckets.length > MOST_ROWS && (
            <p className="small quiet">
              The first {MOST_ROWS} of {buckets.length}. Export to see the others.
            </p>
          )}
        </div>
      )}
    </details>
  );
}
