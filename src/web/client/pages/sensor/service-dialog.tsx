import { useState } from 'react';
import { useMutation } from 'urql';
import {
  RestoreFlowSensorDocument,
  RetireFlowSensorDocument,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';
import { SinceFields, type Since } from '../../components/since-fields.js';

/** Retires a sensor, or returns it to service. */
export function ServiceDialog({
  sensor: { id, name, retiredAt },
  onDone,
  onClose,
}: {
  sensor: { id: string; name: string; retiredAt?: string | null };
  onDone: () => void;
  onClose: () => void;
}) {
  const [, retire] = useMutation(RetireFlowSensorDocument);
  const [, restore] = useMutation(RestoreFlowSensorDocument);
  const [reason, setReason] = useState('');
  const [since, setSince] = useState<Since>(null);
  const given = reason.trim() || null;
  return (
    <ConfirmDialog
      title={
        <>
          {retiredAt ? 'Return' : 'Retire'} <bdi>{name}</bdi>
          {retiredAt && ' to service'}
        </>
      }
      action={retiredAt ? 'Return to service' : 'Retire sensor'}
      isDangerous={!retiredAt}
      canConfirm={since !== undefined}
      onConfirm={() =>
        retiredAt
          ? restore({ id, reason: given })
          : retire({ id, at: since?.toISOString() ?? null, reason: given })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {retiredAt
          ? 'Lists show the sensor again, and it takes new readings.'
          : 'Lists leave the sensor out, and later readings are refused. Its readings and volumes stay, and you can return it to service.'}
      </p>
      {!retiredAt && (
        <SinceFields
          label="Retired"
          now="Now"
          at="On a date I choose"
          date={{ label: 'Retired since', hint: 'In your time zone; not before its last reading.' }}
          onChange={setSince}
        />
      )}
      <FormField label="Reason" hint="For the log; optional.">
        {(input) => (
          <input
            {...input}
            maxLength={1000}
            autoComplete="off"
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </FormField>
    </ConfirmDialog>
  );
}
