import pg from 'pg';
import { parseDatabaseUrl, type DatabaseAddress } from './database-url.js';
import { acquireEmbedded, type EmbeddedDatabase } from './embedded/embedded.js';
import { Database } from './postgres/database.js';
import { checkSharedSessions, hasOwnSessions } from './postgres/session-check.js';
import { sessionSettings } from './postgres/session-settings.js';
import { oneLine, StartupError } from './postgres/startup-error.js';

export interface StorageOptions {
  /** A PostgreSQL server's URL. Without it the embedded PostgreSQL in `dataDir` is used. */
  readonly databaseUrl?: string | undefined;
  /** the same server without a pooler, where that of `databaseUrl` shares its sessions */
  readonly directUrl?: string | undefined;
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
 * newer, UTF-8, sessions of its own or a direct way to them. It is not migrated here.
 *
 * @throws StartupError with one line that says what is wrong, never the password
 */
export async function openDatabase(options: StorageOptions): Promise<Storage> {
  const { databaseUrl, directUrl } = options;
  if (databaseUrl) {
    const direct = directUrl ? parseDatabaseUrl(directUrl, 'DATABASE_DIRECT_URL') : undefined;
    return openUrl(parseDatabaseUrl(databaseUrl), direct);
  }
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

async function openUrl(address: DatabaseAddress, direct?: DatabaseAddress): Promise<Storage> {
  const { place } = address;
  const way = await findWay(address);
  let unpooled: Way | undefined;
  if (way.isShared) {
    if (!direct) throw unusable(address, new Error(`${SHARES_SESSIONS}; ${NEEDS_SESSIONS}`));
    unpooled = await findWay(direct);
    if (unpooled.isShared) throw unusable(direct, new Error(`${SHARES_SESSIONS}, too`));
    await checkShared(address, way, unpooled);
  }
  const { config, schema } = way;
  const database = new Database(config, { schema, direct: unpooled?.config });
  return { database, embedded: undefined, place, close: () => database.close() };
}

interface Way {
  readonly config: pg.PoolConfig;
  readonly schema: string;
  /** whether a pooler shares its sessions between connections */
  readonly isShared: boolean;
}

/**
 * The first way to connect that the server accepts, and the schema that holds the tables.
 * @throws StartupError
 */
async function findWay(address: DatabaseAddress): Promise<Way> {
  const { ways, schema } = address;
  let failure: unknown;
  for (const way of ways) {
    const config = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...way };
    try {
      return await withClients(config, async (...clients) => {
        await checkServer(clients[0]);
        const found = await findSchema(clients[0], schema);
        return { config, schema: found, isShared: !(await hasOwnSessions(...clients)) };
      });
    } catch (error) {
      failure ??= error;
      if (!isAboutTls(error)) break;
    }
  }
  throw unusable(address, failure);
}

/** Checks what can be done through a pooler that shares sessions. @throws StartupError */
async function checkShared(address: DatabaseAddress, way: Way, direct: Way): Promise<void> {
  try {
    const settings = sessionSettings(address.schema);
    const [role, database] = await withClients(direct.config, async (client) => {
      const { rows } = await client.query<{ role: string; name: string }>(
        'SELECT current_user AS role, current_database() AS name',
      );
      return [rows[0]!.role, rows[0]!.name];
    });
    await withClients(way.config, (...clients) =>
      checkSharedSessions(clients, settings, { role, database }),
    );
  } catch (error) {
    throw unusable(address, error);
  }
}

/** Runs work on two connections. */
async function withClients<T>(
  config: pg.PoolConfig,
  work: (...clients: [pg.Client, pg.Client]) => Promise<T>,
): Promise<T> {
  const clients: [pg.Client, pg.Client] = [new pg.Client(config), new pg.Client(config)];
  for (const client of clients) client.on('error', () => undefined);
  try {
    for (const client of clients) await client.connect();
    return await work(...clients);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

function unusable({ place, redact }: DatabaseAddress, cause: unknown): StartupError {
  const message = `The database at ${place} cannot be used: ${redact(reasonOf(cause))}`;
  return new StartupError(message, { cause });
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

const SHARES_SESSIONS = 'a pooler shares its sessions between connections';
const NEEDS_SESSIONS =
  'set DATABASE_DIRECT_URL to the server itself, or use session pooling (of PgBouncer: pool_mode = session), ' +
  'or a connection without a pooler';

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
