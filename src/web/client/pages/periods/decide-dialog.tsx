import { useState } from 'react';
import { useMutation } from 'urql';
import {
  AcceptAdjustmentsDocument,
  RejectAdjustmentsDocument,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';

export type Decision = 'ACCEPT' | 'REJECT';

/** Asks what there is to say about accepting or rejecting adjustments. */
export function DecideDialog({
  ids,
  decision,
  onDone,
  onClose,
}: {
  ids: readonly string[];
  decision: Decision;
  onDone: () => void;
  onClose: () => void;
}) {
  const [, accept] = useMutation(AcceptAdjustmentsDocument);
  const [, reject] = useMutation(RejectAdjustmentsDocument);
  const [comment, setComment] = useState('');
  const isAccepted = decision === 'ACCEPT';
  const what = ids.length === 1 ? 'the adjustment' : `${ids.length} adjustments`;
  return (
    <ConfirmDialog
      title={`${isAccepted ? 'Accept' : 'Reject'} ${what}?`}
      action={isAccepted ? 'Accept' : 'Reject'}
      isDangerous={!isAccepted}
      onConfirm={() =>
        (isAccepted ? accept : reject)({ ids: [...ids], comment: comment.trim() || null })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {isAccepted
          ? 'It is settled in the next period of the group that is closed.'
          : 'It stays on record, and is not settled.'}
      </p>
      <FormField label="Comment (optional)">
        {(input) => (
          <input
            {...input}
            autoFocus
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
        )}
      </FormField>
    </ConfirmDialog>
  );
}
