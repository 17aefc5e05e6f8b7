import { useState, type SubmitEvent } from 'react';
import { useMutation, useQuery, type CombinedError } from 'urql';
import {
  CalendarsDocument,
  CreateSensorGroupDocument,
  UpdateSensorGroupDocument,
} from '../../../../generated/graphql/graphql.js';
import { Dialog } from '../../components/dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import { useErrorFocus } from '../../use-error-focus.js';
import type { ListedGroup } from './listed-group.js';

const LIMITS = [
  { name: 'maxImbalancePercent', label: 'Alert above, % of the inflow' },
  { name: 'maxImbalanceVolume', label: 'Alert above, bbl a day' },
] as const;

/** Adds a group without sensors, or changes the settings of one. */
export function GroupForm({
  group,
  onSaved,
  onClose,
}: {
  /** undefined: a new one */
  group?: ListedGroup;
  onSaved: (name: string) => void;
  onClose: () => void;
}) {
  const [{ data }] = useQuery({ query: CalendarsDocument });
  const [, create] = useMutation(CreateSensorGroupDocument);
  const [, update] = useMutation(UpdateSensorGroupDocument);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const [notNumbers, setNotNumbers] = useState<readonly string[]>([]);
  const found = formErrors(error, ['name', 'calendar', ...LIMITS.map(({ name }) => name)]);
  const wrong = Object.fromEntries(notNumbers.map((name) => [name, 'Must be a number.']));
  const errors = { ...found, byField: { ...found.byField, ...wrong } };
  const form = useErrorFocus(errors);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const text = (field: string) => ((entered.get(field) as string | null) ?? '').trim();
    const limits = LIMITS.map(({ name }) => {
      return [name, text(name) === '' ? null : Number(text(name))] as const;
    });
    const unread = limits.filter(([, value]) => Number.isNaN(value)).map(([name]) => name);
    setNotNumbers(unread);
    if (unread.length > 0) return;
    const input = {
      ...{ name: text('name'), calendar: text('calendar') || null },
      ...Object.fromEntries(limits),
    };
    setBusy(true);
    const saved = group ? await update({ id: group.id, input }) : await create({ input });
    setBusy(false);
    setError(saved.error);
    if (saved.data) onSaved(input.name);
  };
  return (
    <Dialog
      title={
        group ? (
          <>
            Edit <bdi>{group.name}</bdi>
          </>
        ) : (
          'Add a group'
        )
      }
      onClose={onClose}
    >
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        <FormField label="Name" hint="Unique in the account." error={errors.byField.name}>
          {(input) => (
            <input
              {...input}
              name="name"
              autoComplete="off"
              autoFocus
              defaultValue={group?.name ?? ''}
            />
          )}
        </FormField>
        {data && (
          <FormField
            label="Days"
            hint="The calendar whose days its balance and its periods have."
            error={errors.byField.calendar}
          >
            {(input) => (
              <select {...input} name="calendar" defaultValue={group?.calendar?.name ?? ''}>
                <option value="">Days of UTC</option>
                {data.calendars.map(({ name, timeZone, dayStart }) => (
                  <option key={name} value={name}>
                    {name} ({timeZone}, {dayStart})
                  </option>
                ))}
              </select>
            )}
          </FormField>
        )}
        {LIMITS.map(({ name, label }) => (
          <FormField
            key={name}
            label={label}
            hint="Of the imbalance of a day. Empty: no alert."
            error={errors.byField[name]}
          >
            {(input) => (
              <input
                {...input}
                name={name}
                inputMode="decimal"
                autoComplete="off"
                defaultValue={group?.[name] ?? ''}
              />
            )}
          </FormField>
        ))}
        {errors.general && (
          <p className="notice bad" role="alert">
            {errors.general}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isBusy || !data}>
            {group ? 'Save' : 'Add group'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
