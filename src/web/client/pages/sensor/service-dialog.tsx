import { useState } from 'react';
import { useMutation } from 'urql';
import {
  RestoreFlowSensorDocument,
  RetireFlowSensorDocument,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DateTimeInput } from '../../components/date-time-input.js';
import { FormField } from '../../components/form-field.js';

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
  const [isEarlier, setEarlier] = useState(false);
  const [now] = useState(() => new Date());
  const [at, setAt] = useState<Date | undefined>(now);
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
      canConfirm={!isEarlier || at !== undefined}
      onConfirm={() =>
        retiredAt
          ? restore({ id, reason: given })
          : retire({ id, at: isEarlier ? at?.toISOString() : null, reason: given })
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
        <FormField label="Retired">
          {(input) => (
            <select
              {...input}
              value={isEarlier ? 'at' : 'now'}
              onChange={({ target }) => setEarlier(target.value === 'at')}
            >
              <option value="now">Now</option>
              <option value="at">On a date I choose</option>
            </select>
          )}
        </FormField>
      )}
      {isEarlier && (
        <FormField label="Retired since" hint="In your time zone; not before its last reading.">
          {(input) => (
            <DateTimeInput
              input={input}
              label="Retired since"
              defaultValue={now}
              onChange={setAt}
            />
          )}
        </FormField>
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
