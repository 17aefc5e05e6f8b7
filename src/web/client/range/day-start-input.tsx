import { useState } from 'react';
import { TIME_OF_DAY } from './calendar.js';

/** When a contract day begins: on a 24-hour clock in every language. */
export function DayStartInput({
  value,
  onChange,
}: {
  value: string;
  onChange: (time: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? value;
  const isValid = TIME_OF_DAY.test(text);
  return (
    <label className="row">
      <span className="small quiet">Contract day begins at</span>
      <input
        className="day-start-input"
        size={5}
        inputMode="numeric"
        maxLength={5}
        title="HH:MM, from 00:00 to 23:59"
        aria-invalid={!isValid}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          if (TIME_OF_DAY.test(target.value)) onChange(target.value);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </label>
  );
}
