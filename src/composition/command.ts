import { loadConfig } from '../config.js';
import { migrate } from '../storage/migrations/migrate.js';
import { openDatabase, type Storage } from '../storage/open-database.js';
import { createDomain, type Domain } from './domain.js';

/** Opens the database that the environment names, migrated, while `work` runs. */
export function openDomain<T>(work: (domain: Domain) => Promise<T>): Promise<T> {
  return openStorage(async ({ database }) => {
    await migrate(database.pool, { onWait: printNotice });
    const domain = createDomain(database, { ...loadConfig(), onError: () => undefined });
    try {
      return await work(domain);
    } finally {
      await domain.realtime.close();
    }
  });
}

/** Migrates the database that the environment names. @returns the names of the migrations that it lacked */
export function applyMigrations(): Promise<string[]> {
  return openStorage(({ database }) => migrate(database.pool, { onWait: printNotice }));
}

/** Standard output is for what the command prints. */
function printNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function openStorage<T>(work: (storage: Storage) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  const storage = await openDatabase({ databaseUrl, dataDir });
  const stopListening = endOnSignal(storage);
  try {
    return await work(storage);
  } finally {
    stopListening();
    await storage.close();
  }
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Releases the embedded PostgreSQL before a signal ends the command: otherwise it would go on running.
 * @returns a function that restores the signals' default behaviour
 */
function endOnSignal({ embedded }: Storage): () => void {
  const listeners = Object.entries(SIGNALS).map(([signal, status]) => {
    const listener = () => {
      void Promise.resolve(embedded?.release()).finally(() => process.exit(status));
    };
    process.once(signal, listener);
    return [signal, listener] as const;
  });
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
