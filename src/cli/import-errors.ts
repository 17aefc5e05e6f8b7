import type {
  ImportError,
  ImportErrors,
  ImportOptionName,
  ImportRemedy,
} from '../domain/transfer/import/errors.js';

/** A line for each error that is listed, and one that counts all if there are several. */
export function formatImportErrors({ errors, count }: ImportErrors): string[] {
  const [first] = errors;
  if (first && count === 1) return [`${formatError(first)} Nothing was loaded.`];
  const hidden = count - errors.length;
  const rest = hidden > 0 ? `, of which ${hidden} more are not shown` : '';
  return [...errors.map(formatError), `${count} errors${rest}. Nothing was loaded.`];
}

function formatError({ line, column, message, remedies = [] }: ImportError): string {
  const place = [...(line === undefined ? [] : [`line ${line}`]), ...(column ? [column] : [])];
  const prefix = place.length > 0 ? `${place.join(', ')}: ` : '';
  return `${prefix}${message}${adviceOn(remedies)}`;
}

const ADVICE: Record<ImportOptionName, (value: string | undefined) => string> = {
  columns: (value) =>
    value === undefined
      ? 'Use --columns to name the file’s own, e.g. --columns sensor_name=Tag,flowrate=Value.'
      : `If that is what they mean, --columns '${value}' reads it.`,
  createSensors: () => '--create-sensors creates it.',
  dateFormat: (value) => `--date-format '${value}' reads it.`,
  decimal: (value) =>
    value === undefined
      ? '--decimal . or --decimal , says which separator is the decimal one.'
      : `--decimal ${value} reads it.`,
  delimiter: () => '--delimiter says what separates the columns.',
  encoding: (value) =>
    `Use --encoding to name the file’s encoding, e.g. ${value ?? 'windows-1252'}.`,
  nullValues: (value) => `--null-value ${JSON.stringify(value)} leaves out such rows.`,
  onConflict: () => '--on-conflict overwrite corrects it.',
  skipEmpty: () => '--skip-empty leaves out such rows.',
  timeZone: () =>
    'Use --time-zone with the zone of the file’s clock, e.g. America/Chicago, or UTC if it shows UTC.',
  unit: (value) => `--unit ${value} reads it.`,
  where: (value) => `--where '${value}' reads such rows, and only those.`,
  wide: (value) =>
    `Use --wide${value === undefined ? '' : ` --columns '${value}'`} if each column holds the flowrates of one sensor.`,
};

function adviceOn(remedies: readonly ImportRemedy[]): string {
  const formats = remedies.filter(({ option }) => option === 'dateFormat');
  if (formats.length > 1) {
    const quoted = formats.map(({ value }) => `--date-format '${value}'`);
    return ` It is ambiguous: use ${quoted.join(' or ')}.`;
  }
  return remedies.map(({ option, value }) => ` ${ADVICE[option](value)}`).join('');
}
