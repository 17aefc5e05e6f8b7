import { useEffect, useState, type SubmitEvent } from 'react';
import { instantOf, localTime } from '../zoned-time.js';
import type { Range } from './range.js';
import { TIME_OF_DAY } from './calendar.js';

type Field = 'startDate' | 'startTime' | 'endDate' | 'endTime';
/** `YYYY-MM-DD` and `HH:MM`, as in the inputs */
type Fields = Readonly<Record<Field, string>>;

/** Any range, from minute to minute, in the zone of the page. */
export function RangeForm({
  question,
  range,
  timeZone,
  onChange,
}: {
  /** what the page shows: another one takes the place of what is typed */
  question: string;
  range: Range;
  timeZone: string;
  onChange: (range: Range) => void;
}) {
  // Until something is typed, the fields follow the range.
  const [typed, setTyped] = useState<Fields>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    setTyped(undefined);
    setError(undefined);
  }, [question]);
  const fields = typed ?? fieldsOf(range, timeZone);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const start = parse(fields.startDate, fields.startTime, timeZone);
    const end = parse(fields.endDate, fields.endTime, timeZone);
    const found = errorOf(start, end);
    setError(found);
    if (!found) onChange({ start, end });
  };
  const input = (name: Field) => ({
    name,
    required: true,
    value: fields[name],
    onChange: ({ target }: { target: HTMLInputElement }) =>
      setTyped({ ...fields, [name]: target.value }),
  });
  const time = {
    size: 5,
    inputMode: 'numeric',
    pattern: TIME_OF_DAY.source.slice(1, -1),
    title: 'HH:MM, from 00:00 to 23:59',
  } as const;
  return (
    <form className="row range-form" onSubmit={submit} aria-label="Range by date">
      <span className="row">
        <label className="row">
          <span className="small quiet">From</span>
          <input type="date" {...input('startDate')} />
        </label>
        <input aria-label="From, time" {...time} {...input('startTime')} />
      </span>
      <span className="row">
        <label className="row">
          <span className="small quiet">To</span>
          <input type="date" {...input('endDate')} />
        </label>
        <input aria-label="To, time" {...time} {...input('endTime')} />
      </span>
      <button type="submit">Show</button>
      {error && (
        <p className="small field-error" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

function errorOf(start: number, end: number): string | undefined {
  if (!(start < end)) return 'The range must end after it starts.';
  return start < Date.now() ? undefined : 'The range must start in the past.';
}

function fieldsOf({ start, end }: Range, timeZone: string): Fields {
  const [from, to] = [start, end].map((instant) => written(instant, timeZone));
  return { startDate: from![0], startTime: from![1], endDate: to![0], endTime: to![1] };
}

function written(instant: number, timeZone: string): [date: string, time: string] {
  const { year, month, day, hour, minute } = localTime(instant, timeZone);
  const digits = (value: number, count = 2) => String(value).padStart(count, '0');
  return [
    `${digits(year, 4)}-${digits(month)}-${digits(day)}`,
    `${digits(hour)}:${digits(minute)}`,
  ];
}

function parse(date: string, time: string, timeZone: string): number {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number);
  const [hour = NaN, minute = NaN] = time.split(':').map(Number);
  return instantOf({ year, month, day, hour, minute }, timeZone);
}
