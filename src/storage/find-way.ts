import pg from 'pg';
import type { DatabaseAddress } from './database-url.js';
import { hasOwnSessions } from './postgres/session-check.js';
import { oneLine, StartupError } from './postgres/startup-error.js';

/** How long it may take to connect. */
export const CONNECT_TIMEOUT_MS = 10_000;
const OLDEST_VERSION = 15;

/** A way to connect to a server. */
export interface Way {
  readonly config: pg.PoolConfig;
  readonly schema: string;
  /** whether a pooler shares its sessions between connections */
  readonly isShared: boolean;
}

/**
 * The first way to connect that the server accepts, and the schema that holds the tables.
 * @throws StartupError
 */
export async function findWay(address: DatabaseAddress): Promise<Way> {
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

/** Runs work on two connections. */
export async function withClients<T>(
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

/** Says of a database why it cannot be used, without its password. */
export function unusable({ place, redact }: DatabaseAddress, cause: unknown): StartupError {
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
