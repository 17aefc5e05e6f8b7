import { useState } from 'react';
import { useMutation } from 'urql';
import { ReopenPeriodDocument } from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';

/** Asks why a period is reopened. */
export function ReopenDialog({
  id,
  onDone,
  onClose,
}: {
  id: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const [, reopen] = useMutation(ReopenPeriodDocument);
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      title="Reopen the period?"
      action="Reopen"
      isDangerous
      onConfirm={() => reopen({ id, reason: reason.trim() })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>Its figures no longer stand. It stays in the list, with the reason.</p>
      <FormField label="Reason">
        {(input) => (
          <input
            {...input}
            required
            autoFocus
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </FormField>
    </ConfirmDialog>
  );
}
