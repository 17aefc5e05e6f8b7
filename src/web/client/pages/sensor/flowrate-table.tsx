import { useState } from 'react';
import type { SensorReadingsQuery } from '../../../../generated/graphql/graphql.js';
import { Instant } from '../../components/instant.js';
import { quantity } from '../../format.js';
import { flowrateUnit } from '../../display-units.js';

export type Points = NonNullable<SensorReadingsQuery['flowSensor']>['series'];

const MAX_ROWS = 500;

/** The plot's points in words; rendered only while it is open. */
export function FlowrateTable({ series, timeZone }: { series: Points; timeZone: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Flowrate as a table</summary>
      {isOpen && (
        <div className="scroll table-box" tabIndex={0} role="region" aria-label="Flowrate table">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col" className="number">
                  Average ({flowrateUnit})
                </th>
                <th scope="col" className="number">
                  Minimum ({flowrateUnit})
                </th>
                <th scope="col" className="number">
                  Maximum ({flowrateUnit})
                </th>
              </tr>
            </thead>
            <tbody>
              {series.slice(0, MAX_ROWS).map(({ datetime, average, min, max }) => (
                <tr key={datetime}>
                  <td>
                    <Instant at={datetime} timeZone={timeZone} />
                  </td>
                  <td className="number">{quantity(average)}</td>
                  <td className="number">{quantity(min)}</td>
                  <td className="number">{quantity(max)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {series.length > MAX_ROWS && (
            <p className="small quiet">
              The first {MAX_ROWS} of {series.length}. Zoom in, or export, to see the others.
            </p>
          )}
        </div>
      )}
    </details>
  );
}
