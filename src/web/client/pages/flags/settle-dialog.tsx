import { useState } from 'react';
import { useMutation } from 'urql';
import {
  ResolveFlagsDocument,
  type ReadingFlagResolution,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';

const MAX_COMMENT = 1000;

/** Asks why flagged readings are accepted or rejected. */
export function SettleDialog({
  ids,
  resolution,
  onDone,
  onClose,
}: {
  ids: readonly string[];
  resolution: ReadingFlagResolution;
  onDone: () => void;
  onClose: () => void;
}) {
  const [, resolve] = useMutation(ResolveFlagsDocument);
  const [comment, setComment] = useState('');
  const isAccepted = resolution === 'ACCEPT';
  const what = ids.length === 1 ? 'reading' : `${ids.length} readings`;
  return (
    <ConfirmDialog
      title={`${isAccepted ? 'Accept' : 'Reject'} ${what}?`}
      action={isAccepted ? 'Accept' : 'Reject'}
      isDangerous={!isAccepted}
      onConfirm={() => resolve({ ids: [...ids], resolution, comment: comment.trim() || null })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {isAccepted
          ? 'An accepted reading is good again.'
          : 'A rejected reading becomes bad, and counts in no volume.'}{' '}
        The history keeps both.
      </p>
      <FormField label="Comment">
        {(input) => (
          <input
            {...input}
            maxLength={MAX_COMMENT}
            autoFocus
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
        )}
      </FormField>
    </ConfirmDialog>
  );
}
