import type { Database, Transaction } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import type { Reader } from '../postgres/reader.js';
import {
  drawIds,
  findImport,
  importSensors,
  listImports,
  logImport,
  logImportSensors,
} from './sql/imports.js';

/** An import as it is stored; instants in milliseconds since 1970. */
export interface ImportRow extends Record<string, unknown> {
  readonly id: number;
  readonly imported_at: number;
  readonly imported_by: string;
  readonly file_name: string | null;
  /** in hexadecimal digits */
  readonly sha256: string | null;
  readonly options: object;
  readonly rows: number;
  readonly readings: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly sensors_created: number;
  readonly undone_at: number | null;
  readonly undone_by: string | null;
  readonly undone_reason_code: string | null;
  readonly undone_comment: string | null;
}

/** What an import has of one sensor. */
export interface ImportSensorRow extends Record<string, unknown> {
  readonly import_id: number;
  readonly sensor_id: number;
  readonly name: string;
  readonly first_at: number;
  readonly last_at: number;
  readonly readings: number;
  readonly inserted: number;
  readonly corrected: number;
  readonly is_created: boolean;
}

/** Ids of a ping and of a revision, between which and later ones those of an import lie. */
export interface DrawnIds extends Record<string, unknown> {
  readonly ping_id: string;
  readonly revision_id: string;
}

/** An import to be logged. */
export interface ImportEntry {
  readonly by: string;
  readonly fileName: string | undefined;
  readonly sha256: Buffer | undefined;
  readonly options: object;
  readonly rows: number;
  readonly readings: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly sensorsCreated: number;
  readonly sensors: readonly {
    readonly sensorId: number;
    readonly isCreated: boolean;
    readonly readings: number;
    readonly inserted: number;
    readonly corrected: number;
    readonly firstAt: number;
    readonly lastAt: number;
  }[];
}

/** The imports of accounts. */
export class ImportLogStore {
  constructor(private readonly database: Database) {}

  /** The newest first. @param before an id */
  list(reader: Reader, before: number, limit: number): Promise<ImportRow[]> {
    const values = [reader.accountId, before, limit];
    return this.database.reads.query<ImportRow>(reader, listImports, values);
  }

  async find(reader: Reader, id: number): Promise<ImportRow | undefined> {
    const [row] = await this.database.reads.query<ImportRow>(reader, findImport, [
      reader.accountId,
      id,
    ]);
    return row;
  }

  sensors(reader: Reader, importIds: readonly number[]): Promise<ImportSensorRow[]> {
    const values = [reader.accountId, importIds];
    return this.database.reads.query<ImportSensorRow>(reader, importSensors, values);
  }
}

export async function drawImportIds(transaction: Transaction): Promise<DrawnIds> {
  const [row] = await transaction.query<DrawnIds>(drawIds, []);
  return row!;
}

/**
 * Logs an import in its transaction.
 * @param before ids that were drawn before it wrote, once its sensors were locked
 * @returns its id
 */
export async function logImported(
  transaction: Transaction,
  accountId: number,
  recordedAt: Date,
  entry: ImportEntry,
  before: DrawnIds | undefined,
): Promise<number> {
  const after = before && (await drawImportIds(transaction));
  const [row] = await transaction.query<{ id: number }>(logImport, [
    ...[accountId, instantParameter(recordedAt), entry.by],
    ...[entry.fileName ?? null, entry.sha256 ?? null, JSON.stringify(entry.options)],
    ...[entry.rows, entry.readings, entry.inserted, entry.duplicates, entry.corrected],
    entry.sensorsCreated,
    ...[before?.ping_id ?? '0', after?.ping_id ?? '0'],
    ...[before?.revision_id ?? '0', after?.revision_id ?? '0'],
  ]);
  const { sensors } = entry;
  await transaction.query(logImportSensors, [
    row!.id,
    sensors.map(({ sensorId }) => sensorId),
    sensors.map(({ firstAt }) => instantParameter(new Date(firstAt))),
    sensors.map(({ lastAt }) => instantParameter(new Date(lastAt))),
    sensors.map(({ readings }) => readings),
    sensors.map(({ inserted }) => inserted),
    sensors.map(({ corrected }) => corrected),
    sensors.map(({ isCreated }) => isCreated),
  ]);
  return row!.id;
}
