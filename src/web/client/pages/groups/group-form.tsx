import { useState } from 'react';
import { useMutation, useQuery, type CombinedError } from 'urql';
import {
  CalendarsDocument,
  CreateSensorGroupDocument,
  UpdateSensorGroupDocument,
} from '../../../../generated/graphql/graphql.js';
import { CalendarField } from '../../components/calendar-field.js';
import { FormDialog, numbersOf, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import type { ListedGroup } from './listed-group.js';

const LIMITS = [
  { name: 'maxImbalancePercent', label: 'Alert above, % of the inflow' },
  { name: 'maxImbalanceVolume', label: 'Alert above, bbl a day' },
] as const;
const LIMIT_NAMES = LIMITS.map(({ name }) => name);

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
  const [notNumbers, setNotNumbers] = useState<Readonly<Record<string, string>>>({});
  const { byField, general } = formErrors(error, ['name', 'calendar', ...LIMIT_NAMES]);
  const errors = { general, byField: { ...byField, ...notNumbers } };
  const submit = async (entered: FormData) => {
    const limits = numbersOf(entered, LIMIT_NAMES);
    setNotNumbers(limits.errors);
    if (Object.keys(limits.errors).length > 0) return;
    const input = {
      name: textOf(entered, 'name').trim(),
      calendar: textOf(entered, 'calendar') || null,
      ...limits.numbers,
    };
    setBusy(true);
    const saved = group ? await update({ id: group.id, input }) : await create({ input });
    setBusy(false);
    setError(saved.error);
    if (saved.data) onSaved(input.name);
  };
  return (
    <FormDialog
      title={
        group ? (
          <>
            Edit <bdi>{group.name}</bdi>
          </>
        ) : (
          'Add a group'
        )
      }
      action={group ? 'Save' : 'Add group'}
      errors={errors}
      isBusy={isBusy}
      canSubmit={data !== undefined}
      onSubmit={submit}
      onClose={onClose}
    >
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
        <CalendarField
          label="Days"
          hint="The calendar whose days its balance and its periods have."
          error={errors.byField.calendar}
          calendars={data.calendars}
          chosen={group?.calendar?.name}
        />
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
    </FormDialog>
  );
}
