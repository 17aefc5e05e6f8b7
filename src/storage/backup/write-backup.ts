import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { listApplied } from '../migrations/migrate.js';
import { listMigrationNames } from '../migrations/schema-engine.js';
import { Transaction, type Database } from '../postgres/database.js';
import { toUnavailable } from '../postgres/pg-errors.js';
import { listTables, readSequences } from './catalog.js';
import { BackupError, FORMAT_VERSION, type BackupHeader, type BackupTable } from './format.js';
import { encodeFrames, jsonFrame, type Frame } from './frames.js';
import { readVolumes } from './volumes.js';

export interface BackupOptions {
  /** of Flowgate */
  readonly version: string;
  /** called now and then with the number of rows that were read */
  readonly onProgress?: (rows: number) => void;
}

// The default takes twice as long for a tenth less.
const LEVEL = 4;
const LINE_FEED = 0x0a;

/**
 * The bytes of a backup: all tables as they were at one moment, while servers go on writing.
 * @throws BackupError where the database has no tables, or is of a newer version
 */
export function writeBackup(database: Database, options: BackupOptions): Readable {
  const bytes = Readable.from(encodeFrames(readDatabase(database, options)), { objectMode: false });
  const compressed = createGzip({ level: LEVEL });
  bytes.on('error', (error) => compressed.destroy(error));
  compressed.on('close', () => bytes.destroy());
  return bytes.pipe(compressed);
}

async function* readDatabase(
  { transfers }: Database,
  { version, onProgress }: BackupOptions,
): AsyncGenerator<Frame> {
  const client = await transfers.pool.connect().catch((error: unknown) => {
    throw toUnavailable(error);
  });
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  let isDone = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const transaction = new Transaction(client);
    if (transaction.isDistributed) await takeSnapshots(client);
    const tables = await listTables(client);
    if (tables.length === 0) throw new BackupError('The database has no tables of Flowgate.');
    // Keeps a migration waiting that would change them meanwhile.
    const names = tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
    await client.query(`LOCK TABLE ${names} IN ACCESS SHARE MODE`);
    const { header, isCurrent } = await describe(client, version);
    yield jsonFrame('header', header);
    let rows = 0;
    for (const table of tables) {
      rows += yield* readTable(client, table, (more) => onProgress?.(rows + more));
    }
    yield jsonFrame('figures', {
      // Sequences have no snapshot, and are not behind the rows when they are read after them.
      sequences: await readSequences(client),
      volumes: isCurrent ? await readVolumes(transaction) : null,
    });
    await client.query('COMMIT');
    isDone = true;
  } catch (error) {
    throw toUnavailable(error);
  } finally {
    client.off('error', onError);
    client.release(broken ?? !isDone);
  }
}

/**
 * On every node of a cluster, each of which takes its own when a session there is first asked: so at about the same moment, and in
 * one session of each.
 */
async function takeSnapshots(client: pg.PoolClient): Promise<void> {
  await client.query(`SET LOCAL citus.max_adaptive_executor_pool_size = 1`);
  await client.query('SELECT FROM flow_sensor LIMIT 1');
}

async function describe(
  client: pg.PoolClient,
  version: string,
): Promise<{ header: BackupHeader; isCurrent: boolean }> {
  const migrations = (await listApplied(client)).sort();
  const known = await listMigrationNames();
  const newer = migrations.filter((name) => !known.includes(name));
  if (newer.length > 0) {
    throw new BackupError(
      `The database was migrated by a newer version of Flowgate (${newer.join(', ')}): back it up with that version.`,
    );
  }
  const { rows } = await client.query<{ now: number }>(
    `SELECT date_part('epoch', now()) * 1000 AS now`,
  );
  const createdAt = new Date(rows[0]!.now).toISOString();
  return {
    header: { version: FORMAT_VERSION, flowgate: version, createdAt, migrations },
    isCurrent: known.length === migrations.length,
  };
}

async function* readTable(
  client: pg.PoolClient,
  { name, columns }: BackupTable,
  onRows: (rows: number) => void,
): AsyncGenerator<Frame, number> {
  yield jsonFrame('table', { name, columns });
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const copy = client.query(copyTo(`COPY ${pg.escapeIdentifier(name)} (${list}) TO STDOUT`));
  let rows = 0;
  for await (const payload of copy as AsyncIterable<Buffer>) {
    rows += countLines(payload);
    yield { type: 'data', payload };
    onRows(rows);
  }
  yield jsonFrame('tableEnd', { rows });
  return rows;
}

/** In COPY's text format a row is a line: line ends within values are escaped. */
function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(LINE_FEED); at >= 0; at = text.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
