import type { DatabaseConfig } from './database-config.js';
import { parseDatabaseUrl, type DatabaseAddress } from './database-url.js';
import { CONNECT_TIMEOUT_MS, findWay, unusable, withClients, type Way } from './find-way.js';
import { acquireEmbedded, type EmbeddedDatabase } from './embedded/embedded.js';
import { Database } from './postgres/database.js';
import { checkSharedSessions } from './postgres/session-check.js';
import { sessionSettings } from './postgres/session-settings.js';
import type { ReplicaSource } from './replicas/replica.js';
import type { ReplicaOptions } from './replicas/replicas.js';

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
  /** replicas of the server of `databaseUrl`, which answer reads */
  readonly replicas?: Pick<DatabaseConfig, 'replicaUrls' | 'replicaMaxLagMs'>;
  /**
   * Called with one line each when the embedded PostgreSQL or a replica goes away and when it is
   * back.
   */
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
    return openUrl(parseDatabaseUrl(databaseUrl), direct, replicasOf(options));
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

/** @throws StartupError where a URL is malformed; replicas themselves may be away */
function replicasOf({ replicas, onEvent }: StorageOptions): ReplicaOptions | undefined {
  if (!replicas || replicas.replicaUrls.length === 0) return undefined;
  const { replicaUrls, replicaMaxLagMs: maxLagMs } = replicas;
  const addresses = replicaUrls.map((url) => parseDatabaseUrl(url, 'DATABASE_REPLICA_URLS'));
  return { sources: addresses.map(sourceOf), maxLagMs, ...(onEvent && { onEvent }) };
}

function sourceOf(address: DatabaseAddress): ReplicaSource {
  return {
    place: address.place,
    connect: async () => {
      const { config, isShared } = await findWay(address);
      if (isShared) throw unusable(address, new Error(SHARES_SESSIONS));
      return config;
    },
  };
}

async function openUrl(
  address: DatabaseAddress,
  direct: DatabaseAddress | undefined,
  replicas: ReplicaOptions | undefined,
): Promise<Storage> {
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
  const database = new Database(config, { schema, direct: unpooled?.config, replicas });
  return { database, embedded: undefined, place, close: () => database.close() };
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

const SHARES_SESSIONS = 'a pooler shares its sessions between connections';
const NEEDS_SESSIONS =
  'set DATABASE_DIRECT_URL to the server itself, or use session pooling (of PgBouncer: pool_mode = session), ' +
  'or a connection without a pooler';
