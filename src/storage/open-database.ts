import pg from 'pg';
import { parseDatabaseUrl, type DatabaseAddress } from './database-url.js';
import { acquireEmbedded, type EmbeddedDatabase } from './embedded/embedded.js';
import { Database } from './postgres/database.js';
import { hasOwnSessions } from './postgres/session-check.js';
import { oneLine, StartupError } from './postgres/startup-error.js';

export interface StorageOptions {
  /** A PostgreSQL server's URL. Without it the embedded PostgreSQL in `dataDir` is used. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** Whether to create an embedded database if there is none; true by default. */
  readonly create?: boolean;
  /** How many connections the embedded PostgreSQL accepts where it is started here. */
  readonly maxConnections?: number | undefined;
  /** Called with one line each when the embedded PostgreSQL goes away and when it is back. */
  readonly onEvent?: (event: string) => void;
}

/** An open way to the database. */
export interface Storage {
  readonly database: Database;
  /** Undefined on a `databaseUrl`. */
  readonly embedded: EmbeddedDatabase | undefined;
  /** for messages: where the database is, without its password */
  readonly place: string;
  /** Closes the connections; the embedded PostgreSQL stops if no other process uses it. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const OLDEST_VERSION = 15;

/**
 * Connects to the database that the options name and checks that it can be used: PostgreSQL 15 or
 * newer, UTF-8, sessions of its own. It is not migrated here.
 *
 * @throws StartupError with one line that says what is wrong, never the password
 */
export async function openDatabase(options: StorageOptions): Promise<Storage> {
  if (options.databaseUrl) return openUrl(parseDatabaseUrl(options.databaseUrl));
  const { dataDir, create = true, maxConnections, onEvent } = options;
  const embedded = await acquireEmbedded(dataDir, {
    create,
    ...(maxConnections !== undefined && { maxConnections }),
    ...(onEvent && { onEvent }),
  });
  const database = new Database({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...embedded.connection,
  });
  return {
    database,
    embedded,
    place: embedded.directory,
    close: async () => {
      await database.close();
      await embedded.release();
    },
  };
}

async function openUrl(address: DatabaseAddress): Promise<Storage> {
  const { place, redact } = address;
  try {
    const { config, schema } = await findWay(address);
    const database = new Database(config, { schema });
    return { database, embedded: undefined, place, close: () => database.close() };
  } catch (error) {
    throw new StartupError(`The database at ${place} cannot be used: ${redact(reasonOf(error))}`, {
      cause: error,
    });
  }
}

interface Way {
  readonly config: pg.PoolConfig;
  readonly schema: string;
}

/** The first way to connect that the server accepts, and the schema that holds the tables. */
async function findWay({ ways, schema }: DatabaseAddress): Promise<Way> {
  let failure: unknown;
  for (const way of ways) {
    const config = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...way };
    const clients = [new pg.Client(config), new pg.Client(config)] as const;
    for (const client of clients) client.on('error', () => undefined);
    try {
      await clients[0].connect();
      await checkServer(clients[0]);
      const found = await findSchema(clients[0], schema);
      await clients[1].connect();
      await checkSessions(...clients);
      return { config, schema: found };
    } catch (error) {
      failure ??= error;
      if (!isAboutTls(error)) break;
    } finally {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    }
  }
  throw failure;
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
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

/** The schema that the URL names, or else the first one of the role's search path. */
async function findSchema(client: pg.Client, named: string | undefined): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>(
    `SELECT CASE WHEN $1::text IS NULL THEN current_schema()
            ELSE (SELECT nspname FROM pg_namespace WHERE nspname = $1) END AS schema`,
    [named],
  );
  const schema = rows[0]?.schema;
  if (schema) return schema;
  if (named === undefined) throw new Error("no schema of the role's search_path exists");
  throw new Error(`it has no schema ${named}; create it: CREATE SCHEMA "${named}"`);
}

const NEEDS_SESSIONS =
  'Flowgate needs session pooling (of PgBouncer: pool_mode = session), or a connection without a pooler';

async function checkSessions(one: pg.Client, other: pg.Client): Promise<void> {
  if (await hasOwnSessions(one, other)) return;
  throw new Error(`a pooler shares its sessions between connections; ${NEEDS_SESSIONS}`);
}

/** A server without TLS, or one that takes no connection without it. */
function isAboutTls(error: unknown): boolean {
  return /does not support SSL|no encryption|SSL off/.test(oneLine(error));
}

function reasonOf(error: unknown): string {
  const reason = oneLine(error);
  // The error of a pooler about connection parameters that it does not support.
  return /unsupported startup parameter/.test(reason)
    ? `${reason}: leave it out of DATABASE_URL; a pooler does not pass it on`
    : reason;
}
