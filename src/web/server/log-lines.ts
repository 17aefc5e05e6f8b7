import type { LogEntry } from '../../domain/log/account-log.js';
import { formatInstant, formatTime } from '../../domain/shared/time.js';
import { fromBarrelsPerDay, type FlowrateUnit } from '../../domain/shared/units.js';
import { csvField, spreadsheetField } from '../../domain/transfer/csv-field.js';
import { inHeader } from './volumes-csv.js';

/** An entry as a line of JSON. */
export function logLine({ at, kind, id, by, sensorId, sensorName, ...content }: LogEntry): string {
  const line = { at: formatTime(at), kind, id, by, sensorId, sensorName, ...content };
  return `${JSON.stringify(line, writeInstant)}\n`;
}

/** `this` has the value before Date.toJSON, which writes milliseconds always. */
function writeInstant(this: Readonly<Record<string, unknown>>, key: string, value: unknown) {
  const given = this[key];
  return given instanceof Date ? formatInstant(given) : value;
}

export function logHeader(flowrateUnit: FlowrateUnit): string {
  const rate = inHeader(flowrateUnit);
  return `${[
    ...['at', 'kind', 'action', 'by', 'address', 'sensor_id', 'sensor_name', 'subject'],
    ...['reading_at', `old_flowrate_${rate}`, `new_flowrate_${rate}`, 'old_quality'],
    ...['new_quality', 'old_value', 'new_value', 'effective_from', 'reason_code', 'comment'],
    'details',
  ].join()}\n`;
}

/** An entry as a row of CSV. */
export function logRow(entry: LogEntry, flowrateUnit: FlowrateUnit): string {
  const { at, kind, by, sensorId, sensorName, revision, setting, event } = entry;
  const flowrate = (value: number | null | undefined) =>
    typeof value === 'number' ? String(fromBarrelsPerDay(value, flowrateUnit)) : '';
  const instant = (value: Date | undefined) => (value ? formatInstant(value) : '');
  const subject = event && `${event.subjectType} ${event.subjectName ?? event.subjectId ?? ''}`;
  return `${[
    ...[formatTime(at), kind, revision?.updateType ?? setting?.parameter ?? event?.type ?? ''],
    ...[spreadsheetField(by), event?.address ?? '', sensorId ?? ''],
    ...[spreadsheetField(sensorName ?? ''), spreadsheetField(subject?.trim() ?? '')],
    ...[instant(revision?.datetime), flowrate(revision?.oldFlowrate)],
    ...[flowrate(revision?.newFlowrate), revision?.oldQuality ?? '', revision?.newQuality ?? ''],
    ...[spreadsheetField(setting?.oldValue ?? ''), spreadsheetField(setting?.newValue ?? '')],
    ...[instant(setting?.effectiveFrom), revision?.reasonCode ?? ''],
    spreadsheetField(revision?.comment ?? setting?.reason ?? ''),
    event ? csvField(JSON.stringify(event.details)) : totalizersOf(revision),
  ].join()}\n`;
}

function totalizersOf(revision: LogEntry['revision']): string {
  const { oldTotalizer = null, newTotalizer = null } = revision ?? {};
  const isAny = (oldTotalizer ?? newTotalizer) !== null;
  return isAny ? csvField(JSON.stringify({ oldTotalizer, newTotalizer })) : '';
}
