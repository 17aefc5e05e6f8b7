import { useCallback, useState } from 'react';
import { useMutation, type Client } from 'urql';
import { DeleteReadingsDocument } from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import { dateTime, quantity } from '../../../format.js';
import { iso, type Range } from '../../../range/range.js';
import { useAsync } from '../../../use-async.js';
import { loadNeighbours, loadVolume, segmentVolume } from './neighbours.js';
import { NO_REASON, ReasonFields, reasonInput } from './reason-fields.js';
import { VolumePreview } from './volume-preview.js';

/** Deletes the readings of a range, after it has counted them and shown what becomes of the volume. */
export function DeleteDialog({
  id,
  range: { start, end },
  timeZone,
  onDone,
  onClose,
}: {
  id: string;
  range: Range;
  timeZone: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const [, remove] = useMutation(DeleteReadingsDocument);
  const [reason, setReason] = useState(NO_REASON);
  const load = useCallback(
    (client: Client) => loadPlan(client, id, { start, end }),
    [id, start, end],
  );
  const { data: plan, error, reload } = useAsync(load);
  return (
    <ConfirmDialog
      title="Delete readings"
      action={plan ? `Delete ${readings(plan.count)}` : 'Delete'}
      isDangerous
      canConfirm={plan !== undefined && plan.count > 0}
      onConfirm={() =>
        remove({
          id,
          start: iso(start),
          end: iso(end),
          dryRun: false,
          ...reasonInput(reason),
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {error && <Failure what="The readings" error={error} retry={reload} />}
      {!plan && !error && <Loading what="readings" />}
      {plan && (
        <>
          <p>
            {readings(plan.count)}, {dateTime(new Date(start), timeZone, true)}
            {end - start > 1 && <> – {dateTime(new Date(end), timeZone, true)}</>}. The history
            keeps them.
          </p>
          <ReasonFields value={reason} onChange={setReason} />
          {plan.count > 0 && <VolumePreview preview={plan} timeZone={timeZone} />}
        </>
      )}
    </ConfirmDialog>
  );
}

/** How many readings there are, and the volume between those that stay, in the user's unit. */
async function loadPlan(client: Client, id: string, { start, end }: Range) {
  const variables = { id, start: iso(start), end: iso(end), dryRun: true };
  const { data, error } = await client.mutation(DeleteReadingsDocument, variables);
  if (error) throw error;
  const { before, after, method } = await loadNeighbours(client, id, start - 1, end);
  const between = { start: before?.at ?? start, end: after?.at ?? end };
  return {
    ...between,
    count: data?.deletePings ?? 0,
    now: await loadVolume(client, id, between.start, between.end),
    then: segmentVolume(before, after, method),
  };
}

function readings(count: number): string {
  return count === 1 ? '1 reading' : `${quantity(count)} readings`;
}
