import { counted } from './counted.js';
import type { Understood } from '../domain/transfer/import/errors.js';
import type { ImportResult } from '../domain/transfer/import/options.js';
import { formatTime } from '../domain/shared/time.js';
import { tableLines } from './output.js';

/** What an import did, line by line: the counts, then all that one might not expect. */
export function formatImportResult(result: ImportResult, dryRun: boolean): string[] {
  return [
    `${counts(result)}${dryRun ? ' (dry run: nothing was changed)' : ''}`,
    ...repeats(result),
    ...leftOut(result),
    ...qualities(result),
    ...formatUnderstood(result),
    ...(dryRun ? preview(result) : []),
  ];
}

/** What the file was taken for. */
function formatUnderstood(result: Understood): string[] {
  return [
    ...(result.recognised.length > 0 ? [`Recognised: ${result.recognised.join(', ')}.`] : []),
    ...(result.unreadColumns.length > 0
      ? [`Columns not read: ${result.unreadColumns.join(', ')}.`]
      : []),
    ...(result.assumedUtc
      ? ['Datetimes without an offset were read as UTC; --time-zone reads them as local times.']
      : []),
  ];
}

/** A file that is refused, as far as it was understood. */
export function formatRefusedFile(file: Understood): string[] {
  return [
    `${file.rows} rows (preview: nothing was changed)`,
    ...formatUnderstood(file),
    ...preview(file),
  ];
}

function counts(result: ImportResult): string {
  const { rows, readings, inserted, duplicates, corrected, sensorsCreated, leftOut } = result;
  const excluded = leftOut.where + leftOut.nullValues + leftOut.empty;
  const total =
    rows === readings + excluded ? `${rows} rows` : `${rows} rows, ${readings} readings`;
  return `${total}: ${inserted} new, ${duplicates} duplicates, ${corrected} corrected; ${counted(sensorsCreated, 'sensor')} created`;
}

function repeats({ repeats }: ImportResult): string[] {
  if (!repeats) return [];
  const { count, lines } = repeats;
  return [`${count} repeated in the file, first at lines ${lines[0]} and ${lines[1]}`];
}

function leftOut({ leftOut: { where, nullValues, empty } }: ImportResult): string[] {
  const reasons: [number, string][] = [
    [where, 'by --where'],
    [nullValues, 'by --null-value'],
    [empty, 'because they have no flowrate'],
  ];
  return reasons.flatMap(([count, reason]) => (count > 0 ? [`${count} left out ${reason}`] : []));
}

function qualities({ qualities: { uncertain, bad } }: ImportResult): string[] {
  return [
    ...(bad > 0 ? [`${bad} of quality BAD, which count in no volume`] : []),
    ...(uncertain > 0 ? [`${uncertain} of quality UNCERTAIN`] : []),
  ];
}

function preview({ preview: readings }: Understood): string[] {
  if (readings.length === 0) return [];
  const hasQuality = readings.some(({ quality }) => quality !== undefined);
  const hasTotalizer = readings.some(({ totalizer }) => totalizer !== undefined);
  const rows = readings.map(({ line, sensor, time, flowrate, quality, totalizer }) => [
    ...[line, sensor, formatTime(time), flowrate],
    ...(hasQuality ? [quality ?? ''] : []),
    ...(hasTotalizer ? [totalizer ?? ''] : []),
  ]);
  const header = [
    ...['LINE', 'SENSOR', 'DATETIME (UTC)', 'FLOWRATE (BBL/D)'],
    ...(hasQuality ? ['QUALITY'] : []),
    ...(hasTotalizer ? ['TOTALIZER (BBL)'] : []),
  ];
  return ['The first rows:', ...tableLines(header, rows)];
}
