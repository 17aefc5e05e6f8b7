import type { Config } from '../config.js';
import { HttpServer } from '../http/http-server.js';
import { createLog, type Log } from '../http/log.js';
import { createListener } from './http.js';
import { createDomain } from './domain.js';
import { CheckedOutConnections } from '../storage/postgres/checked-out-connections.js';
import { isMigrated, migrate } from '../storage/migrations/migrate.js';
import { openDatabase, type Storage } from '../storage/open-database.js';

// Of the ten seconds until the process must be gone, what follows the cut takes the rest.
const PATIENCE_MS = 8000;
// What is still written when no request is left, such as when a token was last used, has this long.
const LAST_WRITES_MS = 500;

/** A server that runs. */
export interface Server {
  /** `http://HOST:PORT`, the port that it really has */
  readonly url: string;
  /**
   * Takes no more requests, finishes what it has, cuts what is left after 8 s, and lets go of everything.
   * Called again it waits for the same end.
   */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly log?: Log;
  /** done once the database is migrated, before there are requests */
  readonly beforeListening?: (storage: Storage) => Promise<void>;
}

/**
 * Builds the parts from storage to transports, hands them to each other, and listens.
 * @throws StartupError where the database cannot be used; the system's error where it cannot listen
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const { log = createLog(config.logLevel) } = options;
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (let close = opened.pop(); close; close = opened.pop()) await close();
  };
  try {
    const { databaseUrl, dataDir } = config;
    const onEvent = (event: string) => log.warn(event);
    const storage = await openDatabase({ databaseUrl, dataDir, onEvent });
    opened.push(() => storage.close());
    const busy = new CheckedOutConnections(storage.database);
    await storage.embedded?.ensureOnlyServer();
    await migrate(storage.database.pool);
    await options.beforeListening?.(storage);

    const services = createDomain(storage.database, {
      ...config,
      onError: (error) => log.warn({ err: error }, 'a background task failed and is tried again'),
    });
    opened.push(() => services.authenticator.close());
    await services.realtime.start();
    opened.push(() => services.realtime.close());
    const { pool } = storage.database;
    const listener = await createListener({
      services,
      config,
      log,
      isReady: () => isMigrated(pool),
    });
    opened.push(() => listener.close());
    const server = new HttpServer(listener.handle);
    listener.attach(server.server);
    const url = await server.listen(config.port, config.host);
    const { webhookWorker, webhookHousekeeping } = services;
    webhookWorker.start();
    webhookHousekeeping.start();
    opened.push(async () => {
      // Side by side, for together they have the same eight seconds.
      await Promise.all([
        server.close(PATIENCE_MS),
        listener.endStreams(),
        webhookWorker.close(PATIENCE_MS),
        webhookHousekeeping.close(),
      ]);
      setTimeout(() => busy.cut(), LAST_WRITES_MS).unref();
    });

    let closed: Promise<void> | undefined;
    return { url, close: () => (closed ??= closeAll()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
