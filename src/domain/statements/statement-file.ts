import type { StatementRow } from '../../storage/statements/statement-store.js';
import {
  FORMAT,
  FORMAT_VERSION,
  SIGNATURE_ALGORITHM,
  type SensorPart,
  type StatementFile,
} from './document.js';
import { writeStatementPdf } from './pdf/statement-pdf.js';
import { partRows, STATEMENT_CSV_HEADER } from './statement-csv.js';

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

/**
 * Writes a statement as a file, a sensor at a time.
 * @param parts JSON of what it has of each sensor, in the order of the header
 */
export async function writeStatement(
  row: StatementRow,
  format: StatementFormat,
  write: (chunk: string | Uint8Array) => Promise<void>,
  parts: () => AsyncIterable<string>,
): Promise<void> {
  if (format === 'pdf') return writeStatementPdf(row, write, parts);
  if (format === 'csv') {
    await write(STATEMENT_CSV_HEADER);
    for await (const part of parts()) {
      await write(partRows(row, (JSON.parse(part) as SensorPart).content));
    }
    return;
  }
  await write(`${opening(row)},"sensors":[`);
  let separator = '\n';
  for await (const part of parts()) {
    await write(separator + part);
    separator = ',\n';
  }
  await write(closing(row));
}

/** The file up to what it has of the sensors. */
function opening({ header }: StatementRow): string {
  return `{"format":"${FORMAT}","formatVersion":${FORMAT_VERSION},\n"statement":${header}`;
}

function closing({ checksums, hash, signature, publicKey }: StatementRow): string {
  const own: StatementFile['signature'] = {
    algorithm: SIGNATURE_ALGORITHM,
    publicKey,
    value: signature,
  };
  return `],\n"checksums":${checksums},\n"hash":"${hash}",\n"signature":${JSON.stringify(own)}}\n`;
}
