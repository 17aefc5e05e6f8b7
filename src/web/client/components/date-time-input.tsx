import { useState } from 'react';
import { localInput } from '../format.js';
import type { FieldInput } from './form-field.js';

const TIME = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/**
 * A date and a time in the browser's time zone. The time is a text field with a 24-hour clock,
 * which browsers' own time fields have only in some languages. Calls with undefined while it is not
 * valid.
 */
export function DateTimeInput({
  input,
  label,
  defaultValue,
  onChange,
}: {
  input: FieldInput;
  label: string;
  defaultValue: Date;
  onChange: (value: Date | undefined) => void;
}) {
  const [initialDate = '', initialTime = ''] = localInput(defaultValue).split('T');
  const [date, setDate] = useState(initialDate);
  const [time, setTime] = useState(initialTime.slice(0, 5));
  const change = (newDate: string, newTime: string) => {
    setDate(newDate);
    setTime(newTime);
    onChange(parse(newDate, newTime));
  };
  return (
    <div className="row">
      <input
        {...input}
        type="date"
        value={date}
        onChange={(event) => change(event.target.value, time)}
      />
      <input
        aria-label={`${label}: time`}
        aria-describedby={input['aria-describedby']}
        aria-invalid={!TIME.test(time)}
        className="time-input"
        inputMode="numeric"
        placeholder="HH:MM"
        autoComplete="off"
        value={time}
        onChange={(event) => change(date, event.target.value)}
      />
    </div>
  );
}

function parse(date: string, time: string): Date | undefined {
  if (!TIME.test(time)) return undefined;
  const value = new Date(`${date}T${/^\d:/.test(time) ? `0${time}` : time}`);
  return Number.isNaN(value.getTime()) ? undefined : value;
}
