import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { listApplied, migrate, type MigrateOptions } from '../migrations/migrate.js';
import { listMigrationNames } from '../migrations/schema-engine.js';
import type { Database, Transaction } from '../postgres/database.js';
import { SummaryStore } from '../summaries/summary-store.js';
import { listTables } from './catalog.js';
import {
  BackupError,
  FORMAT_VERSION,
  type BackupFigures,
  type BackupHeader,
  type BackupTable,
} from './format.js';
import { contentOf, decodeFrames, type Frame } from './frames.js';
import { readVolumes } from './volumes.js';

/** What a backup holds. */
export interface BackupContent {
  readonly header: BackupHeader;
  /** by table */
  readonly rows: ReadonlyMap<string, number>;
}

export interface RestoreOptions extends Pick<MigrateOptions, 'onWait'> {
  /** called now and then with the number of rows that were written */
  readonly onProgress?: (rows: number) => void;
  /** called before the restored figures are compared with those of the backup */
  readonly onVerify?: () => void;
}

/**
 * Reads a backup to its end without a database.
 * @throws BackupError where it is damaged, not whole, or of a newer version
 */
export async function checkBackup(compressed: Readable): Promise<BackupContent> {
  const frames = decompress(compressed);
  const header = await readHeader(frames);
  const rows = new Map<string, number>();
  let table = '';
  for await (const frame of frames) {
    if (frame.type === 'table') table = contentOf('table', frame).name;
    if (frame.type === 'tableEnd') rows.set(table, contentOf('tableEnd', frame).rows);
  }
  return { header, rows };
}

/**
 * Fills an empty database from a backup, with the schema that the backup was of, then migrates it to
 * this version and compares it with what the backup says of itself.
 *
 * @throws BackupError where the database is not empty, the backup cannot be read (the database is
 * then empty still), or something restored is not as it was
 */
export async function restoreBackup(
  database: Database,
  compressed: Readable,
  options: RestoreOptions = {},
): Promise<BackupContent> {
  const { transfers } = database;
  const frames = decompress(compressed);
  const header = await readHeader(frames);
  await refuseNewerSchema(database, header);
  await migrate(transfers.pool, { ...options, names: header.migrations });
  const rows = new Map<string, number>();
  const figures = await transfers.transaction(async (transaction) => {
    await lockEmpty(transaction);
    return loadTables(transaction, frames, rows, options);
  });
  await migrate(transfers.pool, options);
  await transfers.pool.query('ANALYZE');
  options.onVerify?.();
  await verify(database, figures);
  return { header, rows };
}

async function* decompress(compressed: Readable): AsyncGenerator<Frame> {
  const gunzip = createGunzip();
  pipeline(compressed, gunzip, () => undefined);
  try {
    yield* decodeFrames(gunzip);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR')
      throw new BackupError('The backup is not whole: its end is missing.');
    if (code === 'Z_DATA_ERROR')
      throw new BackupError('The file is not a backup, or it is damaged.');
    throw error;
  }
}

async function readHeader(frames: AsyncGenerator<Frame>): Promise<BackupHeader> {
  const { value: first } = (await frames.next()) as IteratorResult<Frame, undefined>;
  const header = contentOf('header', first);
  const known = await listMigrationNames();
  const newer = header.migrations.filter((name) => !known.includes(name));
  // A name that is only damaged is not of a newer version: the checksum at the end says so.
  if (header.version === FORMAT_VERSION && newer.length > 0) await readToEnd(frames);
  if (header.version > FORMAT_VERSION || newer.length > 0) {
    throw new BackupError(
      `The backup is of Flowgate ${header.flowgate}, which is newer: restore it with that version.`,
    );
  }
  return header;
}

async function readToEnd(frames: AsyncGenerator<Frame>): Promise<void> {
  while (!(await frames.next()).done) continue;
}

async function refuseNewerSchema({ transfers }: Database, header: BackupHeader): Promise<void> {
  const applied = await listApplied(transfers.pool);
  if (applied.every((name) => header.migrations.includes(name))) return;
  throw new BackupError(
    'The database has tables of a newer version than the backup: restore into a database without tables.',
  );
}

/** @throws BackupError where a table has rows */
async function lockEmpty({ client }: Transaction): Promise<void> {
  const names = (await listTables(client)).map(({ name }) => pg.escapeIdentifier(name));
  await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  for (const name of names) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rowCount) {
      throw new BackupError(
        `The database is not empty (${name} has rows): a backup is restored into an empty one.`,
      );
    }
  }
}

async function loadTables(
  transaction: Transaction,
  frames: AsyncGenerator<Frame>,
  rows: Map<string, number>,
  { onProgress }: RestoreOptions,
): Promise<BackupFigures> {
  let figures: BackupFigures | undefined;
  let total = 0;
  for await (const frame of frames) {
    if (frame.type === 'table') {
      const { name, columns } = contentOf('table', frame);
      const loaded = await loadTable(transaction, { name, columns }, frames);
      rows.set(name, loaded);
      onProgress?.((total += loaded));
    } else figures = contentOf('figures', frame);
  }
  if (!figures) throw new BackupError('The backup is damaged.');
  for (const [name, value] of Object.entries(figures.sequences)) {
    await transaction.client.query('SELECT setval($1::regclass, $2)', [
      pg.escapeIdentifier(name),
      value,
    ]);
  }
  return figures;
}

/** @returns the number of rows, which is that of the backup */
async function loadTable(
  { client }: Transaction,
  { name, columns }: BackupTable,
  frames: AsyncGenerator<Frame>,
): Promise<number> {
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const copy = client.query(copyFrom(`COPY ${pg.escapeIdentifier(name)} (${list}) FROM STDIN`));
  const done = finished(copy);
  done.catch(() => undefined);
  try {
    for (;;) {
      const next = (await frames.next()) as IteratorResult<Frame, undefined>;
      if (next.done) throw new BackupError('The backup is damaged.');
      if (next.value.type === 'tableEnd') {
        copy.end();
        await done;
        const { rows } = contentOf('tableEnd', next.value);
        if (copy.rowCount === rows) return rows;
        throw new BackupError(`${name} has ${copy.rowCount} rows, and had ${rows}.`);
      }
      if (!copy.write(next.value.payload)) await Promise.race([once(copy, 'drain'), done]);
    }
  } catch (error) {
    copy.destroy(error as Error);
    await done.catch(() => undefined);
    throw error;
  }
}

async function verify(database: Database, { volumes }: BackupFigures): Promise<void> {
  const summaries = new SummaryStore(database);
  const wrong: number[] = [];
  for (const id of await summaries.sensorIds()) {
    if ((await summaries.check(id)).length > 0) wrong.push(id);
  }
  if (volumes) {
    const restored = await database.transfers.transaction(readVolumes);
    volumes.forEach((expected, index) => {
      const actual = restored[index];
      if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong.push(expected.sensorId);
    });
  }
  if (wrong.length === 0) return;
  throw new BackupError(
    `The restored database differs from the backup: volumes of the sensors ${wrong.slice(0, 10).join(', ')}. Do not use it.`,
  );
}
