import type {
  ImportProfilesQuery,
  ImportSettingsInput,
} from '../../../../generated/graphql/graphql.js';
import { unitName } from '../../../../domain/shared/unit-name.js';
import { FLOWRATE_UNITS } from '../../../../domain/shared/units.js';
import {
  readColumnNames,
  readNullValues,
} from '../../../../domain/transfer/import/setting-texts.js';
import { NO_REASON, type Reason } from '../sensor/readings/reason-fields.js';
import type { Remedy } from './answer.js';

/** What is chosen on the page; an empty text: as it is recognised. */
export interface Draft {
  /** names of the file's columns */
  readonly sensorName: string;
  readonly sensorId: string;
  readonly datetime: string;
  /** of a time beside a date */
  readonly time: string;
  readonly flowrate: string;
  readonly quality: string;
  readonly totalizer: string;
  readonly wide: boolean;
  readonly unit: string;
  readonly timeZone: string;
  readonly dateFormat: string;
  readonly delimiter: string;
  readonly decimal: string;
  readonly encoding: string;
  readonly skipLines: string;
  /** a condition on each line */
  readonly where: string;
  readonly nullValues: string;
  readonly skipEmpty: boolean;
  readonly createSensors: boolean;
  readonly overwrite: boolean;
  readonly reason: Reason;
}

export const EMPTY_DRAFT: Draft = {
  ...{ sensorName: '', sensorId: '', datetime: '', time: '', flowrate: '', quality: '' },
  totalizer: '',
  ...{ wide: false, unit: '', timeZone: '', dateFormat: '', delimiter: '', decimal: '' },
  ...{ encoding: '', skipLines: '', where: '', nullValues: '', skipEmpty: false },
  ...{ createSensors: false, overwrite: false, reason: NO_REASON },
};

type Profile = ImportProfilesQuery['importProfiles'][number];

/** The parameters of `POST /api/v1/imports/`, without those of the file. */
export function parametersOf(draft: Draft): URLSearchParams {
  const { reason, overwrite } = draft;
  const single = {
    columns: columnsOf(draft),
    unit: draft.unit,
    time_zone: draft.timeZone,
    date_format: draft.dateFormat.trim(),
    delimiter: draft.delimiter,
    decimal: draft.decimal,
    encoding: draft.encoding,
    skip_lines: draft.skipLines.trim(),
    null_value: draft.nullValues.trim(),
    ...(overwrite && { reason_code: reason.code, comment: reason.comment.trim() }),
  };
  const parameters = new URLSearchParams(
    Object.entries(single).filter(([, value]) => value !== ''),
  );
  const flags = {
    wide: draft.wide,
    skip_empty: draft.skipEmpty,
    create_sensors: draft.createSensors,
  };
  for (const [name, isSet] of Object.entries(flags)) if (isSet) parameters.set(name, 'true');
  if (overwrite) parameters.set('on_conflict', 'overwrite');
  for (const condition of conditionsOf(draft)) parameters.append('where', condition);
  return parameters;
}

/** How a profile reads files; what is done with them stays. */
export function draftOf({ settings }: Profile, { createSensors, overwrite, reason }: Draft): Draft {
  const { columns, where, nullValues, unit } = settings;
  const [datetime = '', time = ''] = (columns?.datetime ?? '').split('+');
  return {
    ...EMPTY_DRAFT,
    ...{ createSensors, overwrite, reason, datetime, time },
    sensorName: columns?.sensorName ?? '',
    sensorId: columns?.sensorId ?? '',
    flowrate: columns?.flowrate ?? '',
    quality: columns?.quality ?? '',
    totalizer: columns?.totalizer ?? '',
    wide: settings.wide ?? false,
    unit: FLOWRATE_UNITS.find((each) => unitName(each) === unit) ?? '',
    timeZone: settings.timeZone ?? '',
    dateFormat: settings.dateFormat ?? '',
    delimiter: settings.delimiter === '\t' ? 'tab' : (settings.delimiter ?? ''),
    decimal: settings.decimal ?? '',
    encoding: settings.encoding ?? '',
    skipLines: settings.skipLines?.toString() ?? '',
    where: (where ?? []).map(({ column, value }) => `${column}=${value}`).join('\n'),
    nullValues: (nullValues ?? []).join(', '),
    skipEmpty: settings.skipEmpty ?? false,
  };
}

/** As a profile keeps it. */
export function settingsOf(draft: Draft): ImportSettingsInput {
  const unit = FLOWRATE_UNITS.find((each) => each === draft.unit);
  const text = (value: string) => value.trim() || null;
  const columns = readColumnNames(columnsOf(draft));
  const conditions = conditionsOf(draft).map((each) => {
    const at = each.indexOf('=');
    return { column: each.slice(0, at).trim(), value: each.slice(at + 1).trim() };
  });
  return {
    columns: columns ?? null,
    wide: draft.wide || null,
    unit: unit ? (unitName(unit) as ImportSettingsInput['unit']) : null,
    timeZone: text(draft.timeZone),
    dateFormat: text(draft.dateFormat),
    delimiter: draft.delimiter === 'tab' ? '\t' : draft.delimiter || null,
    decimal: text(draft.decimal),
    encoding: text(draft.encoding),
    skipLines: draft.skipLines.trim() === '' ? null : Number(draft.skipLines),
    where: conditions.length > 0 ? conditions : null,
    nullValues: draft.nullValues.trim() === '' ? null : readNullValues(draft.nullValues),
    skipEmpty: draft.skipEmpty || null,
  };
}

/** Does what a remedy says; undefined where the user must choose. */
export function remedied(draft: Draft, { parameter, value }: Remedy): Draft | undefined {
  const named = value === null ? undefined : readColumnNames(value);
  const [datetime = draft.datetime, time = ''] = named?.datetime?.split('+') ?? [];
  switch (parameter) {
    case 'columns':
      return named && { ...draft, ...named, datetime, time };
    case 'wide':
      return { ...draft, wide: true, datetime, time };
    case 'create_sensors':
      return { ...draft, createSensors: true };
    case 'on_conflict':
      return { ...draft, overwrite: true };
    case 'skip_empty':
      return { ...draft, skipEmpty: true };
    case 'encoding':
      return { ...draft, encoding: value ?? 'windows-1252' };
    case 'null_value':
      return { ...draft, nullValues: joined(draft.nullValues, value, ', ') };
    case 'where':
      return { ...draft, where: joined(draft.where, value, '\n') };
    case 'date_format':
      return value === null ? undefined : { ...draft, dateFormat: value };
    case 'decimal':
      return value === null ? undefined : { ...draft, decimal: value };
    case 'unit':
      return value === null ? undefined : { ...draft, unit: value };
    default:
      return undefined;
  }
}

function joined(text: string, added: string | null, separator: string): string {
  return [text.trim(), added].filter(Boolean).join(separator);
}

function conditionsOf({ where }: Draft): string[] {
  return where.split('\n').filter((line) => line.trim() !== '');
}

/** As the parameter takes it. */
function columnsOf(draft: Draft): string {
  const { sensorName, sensorId, datetime, time, flowrate, quality, totalizer, wide } = draft;
  const named = {
    ...(!wide && { sensor_name: sensorName, sensor_id: sensorId }),
    datetime: datetime && time ? `${datetime}+${time}` : datetime,
    ...(!wide && { flowrate, quality, totalizer }),
  };
  return Object.entries(named)
    .filter(([, name]) => name !== '')
    .map(([field, name]) => `${field}=${name}`)
    .join(',');
}
