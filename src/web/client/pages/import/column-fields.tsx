import type { Draft } from './draft.js';
import { Choice, SelectField, type Change } from './fields.js';

const COLUMNS = [
  ['sensorName', 'Column of the sensor’s name'],
  ['sensorId', 'Column of the sensor’s id'],
  ['datetime', 'Column of the datetime, or of the date'],
  ['time', 'Column of the time beside the date'],
  ['flowrate', 'Column of the flowrate'],
  ['quality', 'Column of the quality'],
  ['totalizer', 'Column of the totalizer (bbl)'],
] as const satisfies readonly (readonly [keyof Draft, string])[];

const OF_WIDE: readonly string[] = ['datetime', 'time'];

/** Which columns of the file have what. */
export function ColumnFields({
  draft,
  header,
  onChange,
}: {
  draft: Draft;
  header: readonly string[];
  onChange: Change;
}) {
  const names = [...new Set(header.map((name) => name.trim()))].filter((name) => name !== '');
  const shown = COLUMNS.filter(([field]) => !draft.wide || OF_WIDE.includes(field));
  return (
    <>
      <Choice label="A column for each sensor" field="wide" draft={draft} change={onChange} />
      <div className="import-fields">
        {shown.map(([field, label]) => (
          <SelectField
            key={field}
            label={label}
            value={draft[field]}
            options={[
              ['', field === 'time' ? 'None' : 'As recognised'],
              ...names.map((name) => [name, name] as const),
            ]}
            onChange={(name) => onChange({ [field]: name })}
          />
        ))}
      </div>
    </>
  );
}
