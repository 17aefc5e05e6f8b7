import { userInfo } from 'node:os';
import { loadConfig } from '../config.js';
import { NotFoundError } from '../domain/shared/errors.js';
import {
  distribute,
  type DistributeOptions,
  type Distribution,
} from '../storage/distribution/distribute.js';
import { refuseOutdated } from '../storage/distribution/refuse-outdated.js';
import { migrate } from '../storage/migrations/migrate.js';
import { openDatabase, type Storage } from '../storage/open-database.js';
import { createDomain, type Domain } from './domain.js';

export interface OpenOptions {
  /** Whether the command creates an embedded database if there is none. */
  readonly create: boolean;
  /** called at a signal that would end the command, which then ends by itself */
  readonly onSignal?: () => void;
}

/** Opens the database that the environment names, migrated, while `work` runs. */
export function openDomain<T>(
  work: (domain: Domain) => Promise<T>,
  options: OpenOptions,
): Promise<T> {
  return openStorage(options, async ({ database, place }) => {
    await migrate(database.sessions, { onWait: printNotice });
    await refuseOutdated(database.sessions);
    const domain = createDomain(database, {
      ...loadConfig(),
      osUser: osUser(),
      onError: () => undefined,
    });
    try {
      return await work(domain);
    } catch (error) {
      if (error instanceof NotFoundError) throw new NotFoundInError(error, place);
      throw error;
    } finally {
      await domain.realtime.close();
    }
  });
}

/**
 * Migrates the database that the environment names. @returns the names of the migrations that it
 * lacked
 */
export function applyMigrations(): Promise<string[]> {
  return openStorage({ create: true }, ({ database }) =>
    migrate(database.sessions, { onWait: printNotice }),
  );
}

/** Distributes the database that the environment names, migrated, or brings it back. */
export function distributeDatabase(options: DistributeOptions): Promise<Distribution> {
  return openStorage({ create: false }, async ({ database: { sessions } }) => {
    const bringUpToDate = () => migrate(sessions, { onWait: printNotice });
    const { undo, dryRun } = options;
    // Citus does not take the scripts of migrations: what is distributed is brought back before.
    if (!undo && !dryRun) await bringUpToDate();
    const distribution = await distribute(sessions, options);
    if (undo && !dryRun) await bringUpToDate();
    return distribution;
  });
}

/** Who runs the command; a number where the system has no name for them. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'operator');
  }
}

/** Standard output is for what the command prints. */
function printNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * A command that uses a different database than the server finds nothing, so the message names the
 * database.
 */
class NotFoundInError extends Error {
  constructor(cause: NotFoundError, place: string) {
    super(`${cause.message} (Database: ${place})`, { cause });
  }
}

/** Opens the database that the environment names, as it is, while `work` runs. */
export async function openStorage<T>(
  { create, onSignal }: OpenOptions,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  const { databaseUrl, directUrl, dataDir, warnings } = loadConfig();
  warnings.forEach(printNotice);
  const storage = await openDatabase({ databaseUrl, directUrl, dataDir, create });
  const stopListening = endOnSignal(storage, onSignal);
  try {
    return await work(storage);
  } finally {
    stopListening();
    await storage.close();
  }
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Releases the embedded PostgreSQL before a signal ends the command: otherwise it would go on
 * running.
 * @param onSignal what to do instead
 * @returns a function that restores the signals' default behaviour
 */
function endOnSignal({ embedded }: Storage, onSignal?: () => void): () => void {
  const listeners = Object.entries(SIGNALS).map(([signal, status]) => {
    const end = () => {
      void Promise.resolve(embedded?.release()).finally(() => process.exit(status));
    };
    const listener = onSignal ?? end;
    process.once(signal, listener);
    return [signal, listener] as const;
  });
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
