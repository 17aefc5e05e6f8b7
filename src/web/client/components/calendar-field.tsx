import type { CalendarsQuery } from '../../../generated/graphql/graphql.js';
import { FormField } from './form-field.js';

/** Chooses one of the account's calendars, or days of UTC, as the field `calendar` of a form. */
export function CalendarField({
  label,
  hint,
  error,
  calendars,
  chosen = '',
}: {
  label: string;
  hint: string;
  error: string | undefined;
  calendars: CalendarsQuery['calendars'];
  /** the name of the one that is chosen at first; empty: none */
  chosen?: string | undefined;
}) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(input) => (
        <select {...input} name="calendar" defaultValue={chosen}>
          <option value="">Days of UTC</option>
          {calendars.map(({ name, timeZone, dayStart }) => (
            <option key={name} value={name}>
              {name} ({timeZone}, {dayStart})
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
