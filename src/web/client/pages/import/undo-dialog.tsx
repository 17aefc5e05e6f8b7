import { useState } from 'react';
import { useMutation } from 'urql';
import { UndoImportDocument } from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { quantity } from '../../format.js';
import { NO_REASON, ReasonFields, reasonInput } from '../sensor/readings/reason-fields.js';

/** Asks before an import is undone, and says what that does. */
export function UndoDialog({
  imported: { id, fileName, inserted, corrected, sensorsCreated },
  onDone,
  onClose,
}: {
  imported: {
    readonly id: string;
    readonly fileName: string | null;
    readonly inserted: number;
    readonly corrected: number;
    readonly sensorsCreated: number;
  };
  onDone: () => void;
  onClose: () => void;
}) {
  const [, undo] = useMutation(UndoImportDocument);
  const [reason, setReason] = useState(NO_REASON);
  return (
    <ConfirmDialog
      title={
        <>
          Undo the import of <bdi>{fileName ?? id}</bdi>?
        </>
      }
      action="Undo import"
      isDangerous
      onConfirm={() => undo({ id, ...reasonInput(reason) })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {quantity(inserted)} new {inserted === 1 ? 'reading is' : 'readings are'} removed
        {corrected > 0 && ` and ${quantity(corrected)} corrected restored`}; the history keeps them.
        {sensorsCreated > 0 && ' Sensors that were created stay.'}
      </p>
      <ReasonFields value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
