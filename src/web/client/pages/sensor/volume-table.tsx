import { useState } from 'react';
import { Instant } from '../../components/instant.js';
import { percent, quantity } from '../../format.js';
import { hasData } from '../../measured-time.js';
import type { Bucket, VolumeAnswer } from './volume-answer.js';
import { flowrateUnit, volumeUnit } from '../../display-units.js';

const MAX_ROWS = 500;

interface TableProps {
  readonly answer: VolumeAnswer;
  readonly timeZone: string;
  readonly onExplain: (bucket: Bucket) => void;
}

/** The bars in words; rendered only while it is open. */
export function VolumeTable(props: TableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Volumes as a table</summary>
      {isOpen && <Table {...props} />}
    </details>
  );
}

const COLUMNS = [
  `Volume (${volumeUnit})`,
  `Of it interpolated (${volumeUnit})`,
  'Time measured',
  `Average while reporting (${flowrateUnit})`,
  'Readings',
];

function Table({ answer, timeZone, onExplain }: TableProps) {
  const { buckets, total, format } = answer;
  const [isWhole, setWhole] = useState(false);
  const rows = isWhole ? buckets : buckets.slice(0, MAX_ROWS);
  return (
    <>
      <div className="scroll table-box" tabIndex={0} role="region" aria-label="Volume table">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">Details</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((bucket) => (
              <tr key={bucket.figures.start}>
                <td>
                  <Instant at={bucket.figures.start} timeZone={timeZone} />
                </td>
                <td>
                  <Instant at={bucket.figures.end} timeZone={timeZone} />
                </td>
                <Figures bucket={bucket} format={format} />
                <td>
                  <button type="button" className="small" onClick={() => onExplain(bucket)}>
                    Explain
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                Total{rows.length < buckets.length && ` of all ${buckets.length}`}
              </th>
              <Figures bucket={total} format={format} />
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      {rows.length < buckets.length && (
        <p className="small quiet row">
          The first {MAX_ROWS} of {buckets.length}.
          <button type="button" onClick={() => setWhole(true)}>
            Show all
          </button>
        </p>
      )}
      <p className="small quiet">
        Volumes are rounded so that the rows add up to the total: a row may differ by one in the
        last digit.
      </p>
    </>
  );
}

function Figures({
  bucket: { figures, measured, volume, interpolatedVolume },
  format,
}: {
  bucket: VolumeAnswer['total'];
  format: VolumeAnswer['format'];
}) {
  const { averageFlowrate } = figures;
  const cells = [
    hasData(figures) ? format(volume) : '–',
    figures.durationInterpolated > 0 ? format(interpolatedVolume) : '–',
    measured.share === undefined ? 'pending' : percent(measured.share),
    typeof averageFlowrate === 'number' ? quantity(averageFlowrate) : '–',
    quantity(figures.pingCount),
  ];
  return cells.map((cell, index) => (
    <td key={COLUMNS[index]} className="number">
      {cell}
    </td>
  ));
}
