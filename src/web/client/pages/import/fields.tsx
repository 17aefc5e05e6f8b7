import { FormField } from '../../components/form-field.js';
import type { Draft } from './draft.js';

/** What a field changes of the draft. */
export type Change = (changed: Partial<Draft>) => void;

/** Something that is done or not. */
export function Choice({
  label,
  field,
  draft,
  change,
}: {
  label: string;
  field: 'createSensors' | 'overwrite' | 'skipEmpty' | 'wide';
  draft: Draft;
  change: Change;
}) {
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={draft[field]}
        onChange={({ target }) => change({ [field]: target.checked })}
      />
      <span>{label}</span>
    </label>
  );
}

/** A field with one choice of several; the empty one comes first. */
export function SelectField({
  label,
  value,
  options,
  hint,
  error,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  hint?: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}) {
  const isListed = options.some(([each]) => each === value);
  return (
    <FormField label={label} hint={hint} error={error}>
      {(input) => (
        <select {...input} value={value} onChange={({ target }) => onChange(target.value)}>
          {[...options, ...(isListed ? [] : [[value, value] as const])].map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
