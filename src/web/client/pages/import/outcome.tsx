import { useEffect, useRef, useState } from 'react';
import { quantity } from '../../format.js';
import type { ImportResult } from './answer.js';
import { ChangesTable } from './changes-table.js';
import { ResultFigures } from './preview.js';
import { UndoDialog } from './undo-dialog.js';

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
  const [isUndoing, setUndoing] = useState(false);
  const [isUndone, setUndone] = useState(false);
  const changed = result.inserted + result.corrected;
  return (
    <section ref={section} tabIndex={-1} className="card stack" aria-label="Loaded">
      <p role="status">
        <strong>
          {quantity(changed)} {changed === 1 ? 'reading' : 'readings'} of <bdi>{fileName}</bdi>{' '}
          {changed === 1 ? 'was' : 'were'} loaded.
        </strong>
      </p>
      <p role="status" className={isUndone ? 'notice' : 'visually-hidden'}>
        {isUndone && 'The import was undone.'}
      </p>
      <ResultFigures result={result} />
      {result.sensors.length > 0 && <ChangesTable sensors={result.sensors} />}
      <div className="row">
        <button type="button" className="primary" onClick={onNext}>
          Import another file
        </button>
        {changed > 0 && !isUndone && (
          <button type="button" className="danger" onClick={() => setUndoing(true)}>
            Undo import
          </button>
        )}
      </div>
      {isUndoing && (
        <UndoDialog
          imported={{
            id: String(result.id),
            fileName,
            inserted: result.inserted,
            corrected: result.corrected,
            sensorsCreated: result.sensors_created,
          }}
          onDone={() => {
            setUndoing(false);
            setUndone(true);
          }}
          onClose={() => setUndoing(false)}
        />
      )}
    </section>
  );
}
