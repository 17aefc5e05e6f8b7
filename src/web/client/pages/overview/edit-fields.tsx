import type { ReactNode } from 'react';
import type { CalendarsQuery } from '../../../../generated/graphql/graphql.js';
import { unitName } from '../../../../domain/shared/unit-name.js';
import { FLOWRATE_UNITS } from '../../../../domain/shared/units.js';
import { FieldGroup, FormField } from '../../components/form-field.js';
import { unitLabel } from '../../display-units.js';
import type { FormErrors } from '../../form-errors.js';
import { isolated } from '../../isolated.js';
import type { NamedGroup } from '../../use-groups.js';
import { NO_CALENDAR } from './edit-input.js';

/** What can be changed of several sensors; what is left empty stays as it is. */
export function EditFields({
  errors,
  groups,
  calendars,
}: {
  errors: FormErrors['byField'];
  groups: readonly NamedGroup[];
  calendars: CalendarsQuery['calendars'];
}) {
  const text = (name: string, label: string, hint: string) => (
    <FormField label={label} hint={hint} error={errors[name]}>
      {(input) => <input {...input} name={name} autoComplete="off" />}
    </FormField>
  );
  const choice = (name: string, label: string, unchanged: string, options: ReactNode) => (
    <FormField label={label} error={errors[name]}>
      {(input) => (
        <select {...input} name={name} defaultValue="">
          <option value="">{unchanged}</option>
          {options}
        </select>
      )}
    </FormField>
  );
  const ofGroups = groups.map(({ id, name }) => (
    <option key={id} value={id}>
      {isolated(name)}
    </option>
  ));
  return (
    <>
      <p className="quiet">What you leave empty stays as it is.</p>
      {text('maxGap', 'Outage after', 'Seconds without a reading. 3600 is one hour.')}
      {choice(
        'method',
        'Flow between readings',
        'As it is',
        <>
          <option value="LINEAR">Linear: it changes evenly to the next reading</option>
          <option value="STEP">Step: it stays until the next reading</option>
        </>,
      )}
      {choice(
        'entryUnit',
        'Unit of incoming readings',
        'As it is',
        FLOWRATE_UNITS.map((unit) => (
          <option key={unit} value={unitName(unit)}>
            {unitLabel(unit)}
          </option>
        )),
      )}
      {calendars.length > 0 &&
        choice(
          'calendar',
          'Calendar',
          'As it is',
          <>
            <option value={NO_CALENDAR}>None</option>
            {calendars.map(({ name }) => (
              <option key={name} value={name}>
                {isolated(name)}
              </option>
            ))}
          </>,
        )}
      {text('addTags', 'Add tags', 'With commas between them.')}
      {text('removeTags', 'Remove tags', 'With commas between them.')}
      {groups.length > 0 && (
        <>
          {choice('addToGroups', 'Add to the group', 'None', ofGroups)}
          {choice('removeFromGroups', 'Take out of the group', 'None', ofGroups)}
        </>
      )}
      <FieldGroup
        label="Service"
        hint="Lists leave retired sensors out, and later readings are refused. Their readings and volumes stay."
        error={errors.retire}
      >
        <label className="choice">
          <input type="checkbox" name="retire" />
          <span>Retire the sensors</span>
        </label>
      </FieldGroup>
    </>
  );
}
