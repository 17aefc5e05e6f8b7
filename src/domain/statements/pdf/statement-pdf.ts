import type { StatementRow } from '../../../storage/statements/statement-store.js';
import type {
  SensorContent,
  SensorPart,
  StatementFigures,
  StatementHeader,
  StatementRevision,
} from '../document.js';
import { formatDuration, formatFlowrate, formatVolume, LocalTimeFormat } from './format.js';
import { Pages, SMALL_SIZE } from './pages.js';
import { writePlots } from './plot.js';
import { writeTable, type TableColumn } from './table.js';

/** Beyond this the document refers to the signed file. */
const MAX_REVISIONS = 500;

/**
 * Writes a statement as a document to print and file: the same bytes each time. What is signed is the
 * JSON file.
 * @param parts JSON of what it has of each sensor, in the order of the header
 */
export async function writeStatementPdf(
  row: StatementRow,
  write: (bytes: Uint8Array) => Promise<void>,
  parts: () => AsyncIterable<string>,
): Promise<void> {
  const header = JSON.parse(row.header) as StatementHeader;
  const title = `Measurement statement ${header.number}`;
  const footer = `${title} of ${header.account}, version ${header.version} · SHA-256 ${row.hash}`;
  const pages = await Pages.create(title, new Date(header.issuedAt), footer);
  const times = new LocalTimeFormat(header.calendar.timeZone);
  const flush = async () => {
    const bytes = pages.document.read() as Buffer | null;
    if (bytes) await write(bytes);
  };
  writeSummary(pages, header, row, times);
  for await (const part of parts()) {
    await flush();
    writeSensor(pages, (JSON.parse(part) as SensorPart).content, times);
  }
  pages.document.end();
  await flush();
}

function writeSummary(
  pages: Pages,
  header: StatementHeader,
  { hash }: StatementRow,
  { format }: LocalTimeFormat,
): void {
  const { calendar, supersedes, previousHash } = header;
  pages.heading(`Measurement statement ${header.number}`, 16);
  const days = `${calendar.timeZone}, days begin at ${calendar.dayStart}`;
  const facts: [string, string | null][] = [
    ['Account', header.account],
    ['Period', `${format(header.start)} to ${format(header.end)}`],
    ['Calendar', calendar.name === null ? days : `${calendar.name}: ${days}`],
    ['Volume of all sensors', `${formatVolume(header.volume)} bbl`],
    ['Version', String(header.version)],
    ['Supersedes', supersedes === null ? null : `statement ${supersedes}`],
    ['Reason', header.reason],
    ['Issued', `${format(header.issuedAt)} by ${header.issuedBy}`],
    ['SHA-256', hash],
    ['SHA-256 of the statement before', previousHash],
    ['Fingerprint of the key', header.keyFingerprint],
  ];
  writeFacts(pages, facts);
  pages.paragraph(header.note);
  pages.paragraph(
    'The signed file of this statement is its JSON file; “flowgate verify” checks its signature and computes its figures again from its readings.',
  );
  pages.heading('Sensors', 12);
  writeTable(
    pages,
    [
      { title: 'ID', share: 1 },
      { title: 'Name', share: 5 },
      { title: 'Volume, bbl', share: 3, isNumber: true },
    ],
    header.sensors.map(({ id, name, volume }) => [String(id), name, formatVolume(volume)]),
    ['', 'All sensors', formatVolume(header.volume)],
  );
}

function writeFacts(pages: Pages, facts: readonly (readonly [string, string | null])[]): void {
  const { document, left, width } = pages;
  const column = 140;
  for (const [name, value] of facts) {
    if (value === null) continue;
    const top = document.y;
    document.font('bold').text(name, left, top, { width: column, lineBreak: false });
    document.font('regular').text(value, left + column, top, { width: width - column });
  }
  pages.space(8);
}

function writeSensor(pages: Pages, content: SensorContent, times: LocalTimeFormat): void {
  const { format } = times;
  const { period, days, configuration, configurationLog, revisions } = content;
  pages.newPage();
  pages.heading(`${content.name} (sensor ${content.id})`, 13);
  const settings = Object.entries(configuration)
    .filter(([name, value]) => name !== 'name' && value !== null)
    .map(([name, value]) => `${name} ${value}`);
  pages.paragraph(`Settings at the start of the period: ${settings.join('; ')}.`, SMALL_SIZE);
  writePlots(pages, content, format);
  writeTable(
    pages,
    FIGURES,
    days.map((day) => figures(format(day.start), day)),
    [...figures('Period', period)],
  );
  if (configurationLog.length > 0) {
    pages.heading('Changes of settings', 10);
    writeTable(
      pages,
      CHANGES,
      configurationLog.map((change) => [
        ...[change.parameter, change.oldValue ?? '', change.newValue ?? ''],
        ...[format(change.effectiveFrom), change.changedBy, change.reason ?? ''],
      ]),
    );
  }
  pages.heading('Late, corrected and deleted readings', 10);
  if (revisions.length === 0) pages.paragraph('None.', SMALL_SIZE);
  else writeRevisions(pages, revisions, times);
}

const FIGURES: readonly TableColumn[] = [
  { title: 'Day from', share: 4.4 },
  { title: 'Volume, bbl', share: 3, isNumber: true },
  { title: 'Measured', share: 3, isNumber: true },
  { title: 'Interpolated', share: 3, isNumber: true },
  { title: 'Good, h:m:s', share: 2.4, isNumber: true },
  { title: 'Interpolated, h:m:s', share: 2.6, isNumber: true },
  { title: 'Missing, h:m:s', share: 2.4, isNumber: true },
  { title: 'Readings', share: 1.7, isNumber: true },
];

function figures(name: string, row: StatementFigures): string[] {
  return [
    name,
    ...[row.volume, row.volumeMeasured, row.volumeInterpolated].map(formatVolume),
    ...[row.durationGood, row.durationInterpolated, row.durationMissing].map(formatDuration),
    String(row.readings),
  ];
}

const CHANGES: readonly TableColumn[] = [
  { title: 'Setting', share: 2 },
  { title: 'Before', share: 2 },
  { title: 'After', share: 2 },
  { title: 'In force from', share: 3 },
  { title: 'By', share: 2 },
  { title: 'Reason', share: 3 },
];

const REVISIONS: readonly TableColumn[] = [
  { title: 'Reading of', share: 4 },
  { title: 'Change', share: 1.5 },
  { title: 'Before, bbl/d', share: 2.5, isNumber: true },
  { title: 'After, bbl/d', share: 2.5, isNumber: true },
  { title: 'Made', share: 4 },
  { title: 'By', share: 2 },
  { title: 'Reason', share: 4 },
];

function writeRevisions(
  pages: Pages,
  revisions: readonly StatementRevision[],
  { format }: LocalTimeFormat,
): void {
  const shown = revisions.slice(0, MAX_REVISIONS);
  writeTable(
    pages,
    REVISIONS,
    shown.map((revision) => [
      format(revision.datetime),
      revision.updateType,
      reading(revision.oldFlowrate, revision.oldQuality),
      reading(revision.newFlowrate, revision.newQuality),
      format(revision.revisedAt),
      revision.revisedBy,
      [revision.reasonCode, revision.comment].filter(Boolean).join(': '),
    ]),
  );
  const more = revisions.length - shown.length;
  if (more > 0) pages.paragraph(`And ${more} more, in the JSON file.`, SMALL_SIZE);
}

function reading(flowrate: number | null, quality: StatementRevision['oldQuality']): string {
  if (flowrate === null) return '';
  const text = formatFlowrate(flowrate);
  return quality === null || quality === 'GOOD' ? text : `${text} ${quality}`;
}
