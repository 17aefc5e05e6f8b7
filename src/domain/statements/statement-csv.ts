import type { StatementRow } from '../../storage/statements/statement-store.js';
import { spreadsheetField } from '../transfer/csv-field.js';
import type {
  SensorContent,
  StatementFigures,
  StatementReading,
  StatementRevision,
} from './document.js';

const COLUMNS = [
  ...['statement', 'version', 'sensor_id', 'sensor_name', 'record', 'start', 'end', 'volume_bbl'],
  ...['volume_measured_bbl', 'volume_interpolated_bbl', 'duration_good_s'],
  ...[
    'duration_interpolated_s',
    'duration_missing_s',
    'reading_count',
    'flowrate_bbl_d',
    'quality',
  ],
  ...['update_type', 'old_flowrate_bbl_d', 'revised_at', 'revised_by', 'reason_code', 'comment'],
  'meter_factor',
];

export const STATEMENT_CSV_HEADER = `${COLUMNS.join()}\n`;

/**
 * What a statement has of a sensor: a row for the period, for each day, each hour, each reading, each
 * revision of a reading, and each meter factor. A row of a reading has its instant as the start; one of
 * a meter factor the instant from which that is in force, empty where it always was.
 */
export function partRows({ number, version }: StatementRow, content: SensorContent): string {
  const sensor = [number, version, content.id, spreadsheetField(content.name)].join();
  const { period, days, hours, readings, revisions, meterFactors = [] } = content;
  const rows = [
    ...[period].map((row) => `PERIOD,${figures(row)}`),
    ...days.map((row) => `DAY,${figures(row)}`),
    ...hours.map((row) => `HOUR,${figures(row)}`),
    ...readings.map((row) => `READING,${reading(row)}`),
    ...revisions.map((row) => `REVISION,${revision(row)}`),
    ...meterFactors.map(({ from, value }) => `METER_FACTOR,${[from, ...blank(16), value].join()}`),
  ];
  return rows.map((row) => `${sensor},${row}\n`).join('');
}

function figures(row: StatementFigures): string {
  return [
    ...[row.start, row.end, row.volume, row.volumeMeasured, row.volumeInterpolated],
    ...[row.durationGood, row.durationInterpolated, row.durationMissing, row.readings],
    ...blank(9),
  ].join();
}

function reading({ datetime, flowrate, quality: stated }: StatementReading): string {
  const quality = stated ?? 'GOOD';
  return [datetime, ...blank(8), flowrate, quality, ...blank(7)].join();
}

function revision(row: StatementRevision): string {
  return [
    ...[row.datetime, ...blank(8)],
    ...[
      row.newFlowrate ?? '',
      row.newQuality ?? '',
      row.updateType,
      row.oldFlowrate ?? '',
      row.revisedAt,
    ],
    ...[row.revisedBy, row.reasonCode ?? '', row.comment ?? ''].map(spreadsheetField),
    '',
  ].join();
}

function blank(columns: number): string[] {
  return Array.from({ length: columns }, () => '');
}
