import { useState } from 'react';
import { DateTimeInput } from './date-time-input.js';
import { FormField } from './form-field.js';

/** From when a change applies: null is from now on; undefined, a date that is not whole. */
export type Since = Date | null | undefined;

/** Asks from when a change applies: from now on, or from a date that the user chooses. */
export function SinceFields({
  label,
  hint,
  now: nowLabel,
  at: atLabel,
  date,
  error,
  onChange,
}: {
  label: string;
  hint?: string;
  /** the two choices */
  now: string;
  at: string;
  date: { label: string; hint: string };
  error?: string | undefined;
  onChange: (since: Since) => void;
}) {
  const [isAt, setAt] = useState(false);
  const [now] = useState(() => new Date());
  return (
    <>
      <FormField label={label} hint={hint} error={isAt ? undefined : error}>
        {(input) => (
          <select
            {...input}
            value={isAt ? 'at' : 'now'}
            onChange={({ target }) => {
              setAt(target.value === 'at');
              onChange(target.value === 'at' ? now : null);
            }}
          >
            <option value="now">{nowLabel}</option>
            <option value="at">{atLabel}</option>
          </select>
        )}
      </FormField>
      {isAt && (
        <FormField label={date.label} hint={date.hint} error={error}>
          {(input) => (
            <DateTimeInput
              input={input}
              label={date.label}
              defaultValue={now}
              onChange={onChange}
            />
          )}
        </FormField>
      )}
    </>
  );
}
