import { FormField } from '../../components/form-field.js';
import { FLOWRATE_UNITS } from '../../../../domain/shared/units.js';
import { unitLabel } from '../../display-units.js';
import { LOCAL_ZONE } from '../../range/calendar.js';
import type { Draft } from './draft.js';
import { Choice, SelectField, type Change } from './fields.js';

const AS_RECOGNISED = ['', 'As recognised'] as const;
const DATE_FORMATS = [
  'YYYY-MM-DD HH:mm:ss',
  'DD.MM.YYYY HH:mm',
  'DD/MM/YYYY HH:mm',
  'M/D/YYYY h:mm:ss A',
  'MM/DD/YYYY HH:mm',
  'DD-MMM-YY HH:mm:ss',
  'epoch-s',
  'epoch-ms',
  'epoch-us',
  'epoch-ns',
  'excel',
  'excel-1904',
];
const DELIMITERS = [
  AS_RECOGNISED,
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['tab', 'Tab'],
  ['|', 'Vertical bar'],
] as const;
const DECIMALS = [AS_RECOGNISED, ['.', 'Point: 1,234.5'], [',', 'Comma: 1.234,5']] as const;
const ENCODINGS = [
  ['', 'UTF-8, or as the file says'],
  ['windows-1252', 'Windows-1252 (Western Europe)'],
  ['windows-1250', 'Windows-1250 (Central Europe)'],
  ['windows-1251', 'Windows-1251 (Cyrillic)'],
  ['iso-8859-15', 'ISO 8859-15'],
  ['utf-16le', 'UTF-16LE'],
  ['utf-16be', 'UTF-16BE'],
  ['shift_jis', 'Shift JIS'],
] as const;

/** How numbers, datetimes and text are written. */
export function FormatFields({
  draft,
  messages,
  onChange,
}: {
  draft: Draft;
  /** errors by the parameter */
  messages: Readonly<Record<string, string>>;
  onChange: Change;
}) {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== LOCAL_ZONE);
  return (
    <>
      <div className="import-fields">
        <SelectField
          label="Unit of the flowrates"
          value={draft.unit}
          options={[
            ['', 'bbl/d'],
            ...FLOWRATE_UNITS.slice(1).map((unit) => [unit, unitLabel(unit)] as const),
          ]}
          error={messages.unit}
          onChange={(unit) => onChange({ unit })}
        />
        <SelectField
          label="Time zone of the file’s clock"
          hint="Of datetimes that have no offset."
          value={draft.timeZone}
          options={[
            ['', 'UTC'],
            [LOCAL_ZONE, `${LOCAL_ZONE} (yours)`],
            ...zones.map((zone) => [zone, zone] as const),
          ]}
          error={messages.time_zone}
          onChange={(timeZone) => onChange({ timeZone })}
        />
        <TextField
          label="Form of datetimes"
          hint="Such as DD.MM.YYYY HH:mm; as recognised if empty."
          field="dateFormat"
          list={DATE_FORMATS}
          error={messages.date_format}
          {...{ draft, onChange }}
        />
        <SelectField
          label="Decimal separator"
          value={draft.decimal}
          options={DECIMALS}
          error={messages.decimal}
          onChange={(decimal) => onChange({ decimal })}
        />
        <SelectField
          label="Between the columns"
          value={draft.delimiter}
          options={DELIMITERS}
          error={messages.delimiter}
          onChange={(delimiter) => onChange({ delimiter })}
        />
        <SelectField
          label="Encoding"
          value={draft.encoding}
          options={ENCODINGS}
          error={messages.encoding}
          onChange={(encoding) => onChange({ encoding })}
        />
        <TextField
          label="Lines before the header"
          hint="How many are not read."
          field="skipLines"
          error={messages.skip_lines}
          {...{ draft, onChange }}
        />
        <TextField
          label="In place of a missing flowrate"
          hint="Rows with these are left out, such as -999999, NaN, Bad."
          field="nullValues"
          error={messages.null_value}
          {...{ draft, onChange }}
        />
        <FormField
          label="Read only rows with"
          hint="A column and its value, such as quality=Good; one on each line."
          error={messages.where}
        >
          {(input) => (
            <textarea
              {...input}
              rows={2}
              value={draft.where}
              onChange={({ target }) => onChange({ where: target.value })}
            />
          )}
        </FormField>
      </div>
      <Choice
        label="Leave out rows without a flowrate"
        field="skipEmpty"
        draft={draft}
        change={onChange}
      />
      {messages.columns && <p className="field-error">{messages.columns}</p>}
    </>
  );
}

function TextField({
  label,
  hint,
  field,
  list = [],
  error,
  draft,
  onChange,
}: {
  label: string;
  hint: string;
  field: 'dateFormat' | 'skipLines' | 'nullValues';
  list?: readonly string[];
  error?: string | undefined;
  draft: Draft;
  onChange: Change;
}) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(input) => (
        <>
          <input
            {...input}
            list={`${input.id}-list`}
            autoComplete="off"
            value={draft[field]}
            onChange={({ target }) => onChange({ [field]: target.value })}
          />
          <datalist id={`${input.id}-list`}>
            {list.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </>
      )}
    </FormField>
  );
}
