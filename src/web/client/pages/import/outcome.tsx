import { useEffect, useRef } from 'react';
import { quantity } from '../../format.js';
import type { ImportResult } from './answer.js';
import { ChangesTable } from './changes-table.js';
import { ResultFigures } from './preview.js';

/** What was loaded, with links to its sensors. */
export function Outcome({
  fileName,
  result,
  onNext,
}: {
  fileName: string;
  result: ImportResult;
  onNext: () => void;
}) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  const changed = result.inserted + result.corrected;
  return (
    <section ref={section} tabIndex={-1} className="card stack" aria-label="Loaded">
      <p role="status">
        <strong>
          {quantity(changed)} {changed === 1 ? 'reading' : 'readings'} of <bdi>{fileName}</bdi>{' '}
          {changed === 1 ? 'was' : 'were'} loaded.
        </strong>
      </p>
      <ResultFigures result={result} />
      {result.sensors.length > 0 && <ChangesTable sensors={result.sensors} />}
      <div className="row">
        <button type="button" className="primary" onClick={onNext}>
          Import another file
        </button>
      </div>
    </section>
  );
}
