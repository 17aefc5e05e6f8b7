import type { Config } from '../config.js';
import type { Log } from '../http/log.js';
import { refuseOutdated } from '../storage/distribution/refuse-outdated.js';
import { migrate } from '../storage/migrations/migrate.js';
import type { DatabaseConfig } from '../storage/database-config.js';
import { openDatabase, type Storage } from '../storage/open-database.js';
import { CONNECTIONS_PER_INSTANCE } from '../storage/postgres/database.js';

// For commands and for the process that starts the workers.
const OTHER_CONNECTIONS = 40;

/** Opens the database for a server. */
export function openServerStorage(
  {
    databaseUrl,
    directUrl,
    dataDir,
    workers,
    ...replicas
  }: Pick<Config, keyof DatabaseConfig | 'dataDir' | 'workers'>,
  onEvent: (event: string) => void,
): Promise<Storage> {
  const maxConnections =
    workers > 1 ? workers * CONNECTIONS_PER_INSTANCE + OTHER_CONNECTIONS : undefined;
  return openDatabase({ databaseUrl, directUrl, dataDir, maxConnections, replicas, onEvent });
}

/**
 * Makes the database ready for a server: the only one on an embedded database, and migrated.
 * @throws StartupError
 */
export async function prepareStorage(
  { database, embedded }: Pick<Storage, 'database' | 'embedded'>,
  log: Log,
): Promise<void> {
  await embedded?.ensureOnlyServer();
  const onWait = (event: string) => log.warn(event);
  const { sessions } = database;
  const migrations = await migrate(sessions, { onWait });
  await refuseOutdated(sessions);
  if (migrations.length > 0) log.info({ migrations }, 'the database was migrated');
}
