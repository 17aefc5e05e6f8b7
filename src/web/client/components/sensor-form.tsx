import { useState } from 'react';
import { useMutation, type CombinedError } from 'urql';
import {
  CreateFlowSensorDocument,
  UpdateFlowSensorDocument,
  type SensorQuery,
  type FlowrateUnit,
  type VolumeMethod,
} from '../../../generated/graphql/graphql.js';
import { unitName } from '../../../domain/shared/unit-name.js';
import { FLOWRATE_UNITS } from '../../../domain/shared/units.js';
import { unitLabel } from '../display-units.js';
import { formErrors, type FormErrors } from '../form-errors.js';
import { FormDialog, numbersOf, textOf } from './form-dialog.js';
import { FormField } from './form-field.js';
import { readTags, writeTags } from '../tag-text.js';
import { SinceFields, type Since } from './since-fields.js';

export type SensorSettings = Pick<
  NonNullable<SensorQuery['flowSensor']>,
  | ('id' | 'name' | 'latitude' | 'longitude' | 'pipeDiameter')
  | ('maxGap' | 'meterFactor' | 'method' | 'entryUnit' | 'tags')
>;

type NumberField = 'latitude' | 'longitude' | 'pipeDiameter' | 'maxGap' | 'meterFactor';

const NUMBERS: readonly { name: NumberField; label: string; hint: string }[] = [
  { name: 'latitude', label: 'Latitude', hint: 'Degrees (WGS 84), south negative.' },
  { name: 'longitude', label: 'Longitude', hint: 'Degrees (WGS 84), west negative.' },
  { name: 'pipeDiameter', label: 'Pipe diameter', hint: 'Inches.' },
  {
    name: 'maxGap',
    label: 'Outage after',
    hint: 'Seconds without a reading. 3600 is one hour.',
  },
  {
    name: 'meterFactor',
    label: 'Meter factor',
    hint: 'Volumes are multiplied by it, from 0.5 to 2; flowrates are not. 1: no correction.',
  },
];
const NUMBER_NAMES = NUMBERS.map(({ name }) => name);
/** Of a new sensor; others are unknown. */
const DEFAULTS: Partial<Record<NumberField, number>> = { maxGap: 3600, meterFactor: 1 };
/** Settings that a change may put in force from a date. */
const DATED = ['maxGap', 'meterFactor', 'method'] as const;
const UNDATED = `Of the settings, only “Outage after”, “Meter factor” and “Flow between readings” apply from a date, and none of them was changed.`;
const FIELDS = ['name', 'method', 'entryUnit', 'tags', 'effectiveFrom', 'reason', ...NUMBER_NAMES];

/** Adds a sensor, or changes one. */
export function SensorForm({
  sensor,
  onSaved,
  onClose,
}: {
  /** undefined: a new one */
  sensor?: SensorSettings | undefined;
  onSaved: (id: string) => void;
  onClose: () => void;
}) {
  const [, create] = useMutation(CreateFlowSensorDocument);
  const [, update] = useMutation(UpdateFlowSensorDocument);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const [notNumbers, setNotNumbers] = useState<Readonly<Record<string, string>>>({});
  const [since, setSince] = useState<Since>(null);
  const [isUndated, setUndated] = useState(false);
  const { byField, general } = formErrors(error, FIELDS);
  const errors: FormErrors = {
    general,
    byField: { ...byField, ...notNumbers, ...(isUndated && { effectiveFrom: UNDATED }) },
  };

  const submit = async (data: FormData) => {
    const text = (name: string) => textOf(data, name).trim();
    const { numbers, errors: wrong } = numbersOf(data, NUMBER_NAMES);
    setNotNumbers(wrong);
    setError(undefined);
    if (Object.keys(wrong).length > 0) return;
    const entryUnit = text('entryUnit') as FlowrateUnit;
    const input = {
      name: text('name'),
      method: text('method') as VolumeMethod,
      entryUnit,
      tags: readTags(text('tags')),
      ...numbers,
    };
    const changes = sensor ? changesOf(sensor, input) : {};
    const hasNoDated = since !== null && !DATED.some((name) => name in changes);
    setUndated(hasNoDated);
    if (hasNoDated) return;
    setBusy(true);
    const result = sensor
      ? await update({
          id: sensor.id,
          input: {
            ...changes,
            reason: text('reason') || null,
            effectiveFrom: since === undefined ? '' : (since?.toISOString() ?? null),
          },
        })
      : await create({ input });
    setBusy(false);
    setError(result.error);
    const saved = result.data;
    if (saved) onSaved('createFlowSensor' in saved ? saved.createFlowSensor.id : sensor!.id);
  };

  return (
    <FormDialog
      title={sensor ? <>Edit {<bdi>{sensor.name}</bdi>}</> : 'Add a sensor'}
      action={sensor ? 'Save' : 'Add sensor'}
      errors={errors}
      isBusy={isBusy}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormField label="Name" error={errors.byField.name}>
        {(input) => (
          <input {...input} name="name" defaultValue={sensor?.name} autoComplete="off" autoFocus />
        )}
      </FormField>
      {NUMBERS.map(({ name, label, hint }) => (
        <FormField key={name} label={label} hint={hint} error={errors.byField[name]}>
          {(input) => (
            <input
              {...input}
              name={name}
              inputMode="decimal"
              autoComplete="off"
              defaultValue={sensor ? (sensor[name] ?? '') : (DEFAULTS[name] ?? '')}
            />
          )}
        </FormField>
      ))}
      <FormField
        label="Flow between readings"
        hint="Step suits a device that reports only when its flowrate changes."
        error={errors.byField.method}
      >
        {(input) => (
          <select {...input} name="method" defaultValue={sensor?.method ?? 'LINEAR'}>
            <option value="LINEAR">Linear: it changes evenly to the next reading</option>
            <option value="STEP">Step: it stays until the next reading</option>
          </select>
        )}
      </FormField>
      <FormField
        label="Unit of incoming readings"
        hint="The unit in which the device sends flowrates. A change applies from now on."
        error={errors.byField.entryUnit}
      >
        {(input) => (
          <select {...input} name="entryUnit" defaultValue={sensor?.entryUnit ?? 'BBL_PER_DAY'}>
            {FLOWRATE_UNITS.map((unit) => (
              <option key={unit} value={unitName(unit)}>
                {unitLabel(unit)}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="Tags"
        hint="Labels of your own with commas between them, such as North, custody transfer."
        error={errors.byField.tags}
      >
        {(input) => (
          <input
            {...input}
            name="tags"
            autoComplete="off"
            defaultValue={writeTags(sensor?.tags ?? [])}
          />
        )}
      </FormField>
      {sensor && (
        <>
          <SinceFields
            label="In force"
            hint="Volumes before that stay as they are."
            now="From now on"
            at="From a date I choose"
            date={{ label: 'In force from', hint: 'In your time zone.' }}
            error={errors.byField.effectiveFrom}
            onChange={setSince}
          />
          <FormField label="Reason" hint="For the log; optional." error={errors.byField.reason}>
            {(input) => <input {...input} name="reason" maxLength={1000} autoComplete="off" />}
          </FormField>
        </>
      )}
    </FormDialog>
  );
}

/**
 * What was changed: a date from which a change is in force must not put the other settings, as they
 * are now, in force from then too.
 */
function changesOf<Input extends Partial<Record<keyof SensorSettings, unknown>>>(
  sensor: SensorSettings,
  input: Input,
): Partial<Input> {
  const changed = Object.entries(input).filter(
    ([name, value]) => !isSame(value, sensor[name as keyof SensorSettings]),
  );
  return Object.fromEntries(changed) as Partial<Input>;
}

function isSame(value: unknown, stored: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(stored)) return value === stored;
  return value.length === stored.length && value.every((each, index) => each === stored[index]);
}
