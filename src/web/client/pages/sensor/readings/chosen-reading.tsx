import { useCallback, useState } from 'react';
import type { Client } from 'urql';
import { Failure } from '../../../components/failure.js';
import { Instant } from '../../../components/instant.js';
import { flowrate } from '../../../format.js';
import { iso } from '../../../range/range.js';
import { useAsync } from '../../../use-async.js';
import { QualityBadge } from './quality-badge.js';
import { CorrectDialog } from './correct-dialog.js';
import { DeleteDialog } from './delete-dialog.js';
import { loadNeighbours, type Reading } from './neighbours.js';

/** The stored reading next to the instant that was clicked, and what can be done with it. */
export function ChosenReading({
  id,
  instant,
  timeZone,
  isAdmin,
  onChanged,
  onClose,
}: {
  id: string;
  /** milliseconds since 1970 */
  instant: number;
  timeZone: string;
  isAdmin: boolean;
  onChanged: () => void;
  onClose: () => void;
}) {
  const load = useCallback(
    async (client: Client) => {
      const { before, after } = await loadNeighbours(client, id, instant, instant, true);
      return { reading: nearer(instant, before, after) };
    },
    [id, instant],
  );
  const { data, error, reload } = useAsync(load);
  const [dialog, setDialog] = useState<'correct' | 'delete'>();
  const done = () => {
    setDialog(undefined);
    reload();
    onChanged();
  };
  if (error) return <Failure what="The reading" error={error} retry={reload} />;
  if (!data) return null;
  const { reading } = data;
  return (
    <section className="row chosen-reading" aria-label="Chosen reading">
      {reading ? (
        <>
          <p>
            Reading of{' '}
            <strong>
              <Instant at={iso(reading.at)} timeZone={timeZone} />
            </strong>{' '}
            {flowrate(reading.flowrate)}
            <QualityBadge quality={reading.quality} />
          </p>
          {isAdmin && (
            <>
              <button type="button" onClick={() => setDialog('correct')}>
                Correct reading
              </button>
              <button type="button" className="danger" onClick={() => setDialog('delete')}>
                Delete reading
              </button>
            </>
          )}
        </>
      ) : (
        <p>There is no reading.</p>
      )}
      <button type="button" onClick={onClose}>
        Close
      </button>
      {reading && dialog === 'correct' && (
        <CorrectDialog
          id={id}
          reading={reading}
          timeZone={timeZone}
          onDone={done}
          onClose={() => setDialog(undefined)}
        />
      )}
      {reading && dialog === 'delete' && (
        <DeleteDialog
          id={id}
          range={{ start: reading.at, end: reading.at + 1 }}
          timeZone={timeZone}
          onDone={done}
          onClose={() => setDialog(undefined)}
        />
      )}
    </section>
  );
}

function nearer(instant: number, before: Reading | undefined, after: Reading | undefined) {
  if (!before || !after) return before ?? after;
  return instant - before.at <= after.at - instant ? before : after;
}
