import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { Database } from './postgres/database.js';
import { acquireEmbedded, type EmbeddedDatabase } from './embedded/embedded.js';
import { oneLine, StartupError } from './postgres/startup-error.js';

export interface StorageOptions {
  /** A PostgreSQL server's URL. Without it the embedded PostgreSQL in `dataDir` is used. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** Told in a line each when the embedded PostgreSQL goes away and when it is back. */
  readonly onEvent?: (event: string) => void;
}

/** An open way to the database. */
export interface Storage {
  readonly database: Database;
  /** Undefined on a `databaseUrl`. */
  readonly embedded: EmbeddedDatabase | undefined;
  /** Closes the connections; the embedded PostgreSQL stops if no other process uses it. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const OLDEST_VERSION = 15;

/**
 * Connects to the database that the options name and looks whether it will do:
 * PostgreSQL 15 or newer, UTF-8. It is not migrated here.
 *
 * @throws StartupError with one line that says what is wrong, never the password
 */
export async function openDatabase(options: StorageOptions): Promise<Storage> {
  if (options.databaseUrl) return openUrl(options.databaseUrl);
  const embedded = await acquireEmbedded(
    options.dataDir,
    options.onEvent ? { onEvent: options.onEvent } : {},
  );
  const database = new Database({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...embedded.connection,
  });
  return {
    database,
    embedded,
    close: async () => {
      await database.close();
      await embedded.release();
    },
  };
}

async function openUrl(url: string): Promise<Storage> {
  const config = parseUrl(url);
  const database = new Database({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config });
  try {
    await checkServer(database.pool);
  } catch (error) {
    await database.close();
    const reason = redact(oneLine(error), config);
    throw new StartupError(`The database at ${placeOf(config)} cannot be used: ${reason}`, {
      cause: error,
    });
  }
  return { database, embedded: undefined, close: () => database.close() };
}

function parseUrl(url: string): pg.PoolConfig {
  const fault =
    'DATABASE_URL is not the URL of a PostgreSQL server: postgresql://USER:PASSWORD@HOST:PORT/DATABASE';
  if (!/^(postgres(ql)?|socket):\/\//i.test(url)) throw new StartupError(fault);
  try {
    return parseIntoClientConfig(url);
  } catch (error) {
    // A certificate that the URL names may be unreadable; what the parser says of the URL shows it whole.
    const file = (error as NodeJS.ErrnoException).path;
    throw new StartupError(file ? `DATABASE_URL names ${file}, which cannot be read.` : fault);
  }
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version,
            current_setting('server_encoding') AS encoding`,
  );
  const [server] = rows;
  const major = Math.floor((server?.version ?? 0) / 10_000);
  if (major < OLDEST_VERSION) {
    throw new Error(`it is PostgreSQL ${major}, and Flowgate needs ${OLDEST_VERSION} or newer`);
  }
  if (server?.encoding !== 'UTF8') {
    throw new Error(`its encoding is ${server?.encoding}, and Flowgate needs UTF8`);
  }
}

function placeOf({ host, port, database }: pg.PoolConfig): string {
  return `${host ?? 'localhost'}:${port ?? 5432}${database ? `/${database}` : ''}`;
}

function redact(text: string, { password }: pg.PoolConfig): string {
  return typeof password === 'string' && password ? text.replaceAll(password, '***') : text;
}
