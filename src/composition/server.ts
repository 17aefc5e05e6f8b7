import type { Config } from '../config.js';
import { DemoFeed } from '../demo/demo-feed.js';
import { HttpServer } from '../http/http-server.js';
import { createLog, type Log } from '../http/log.js';
import { migrate } from '../storage/migrations/migrate.js';
import { isDatabaseReady } from '../storage/migrations/readiness.js';
import { openDatabase, type Storage } from '../storage/open-database.js';
import { CheckedOutConnections } from '../storage/postgres/checked-out-connections.js';
import { createDomain } from './domain.js';
import { FailureLog } from './failure-log.js';
import { createListener } from './http.js';
import { systemClock } from '../domain/shared/clock.js';
import { createMirroring } from './mirroring.js';
import { HOUR_MS } from '../domain/shared/durations.js';
import { OpenFilesWatch } from './open-files-watch.js';
import { createMetrics } from './metrics.js';
import { ScheduledBackups } from './scheduled-backups.js';

// Of the ten seconds until the process must be gone, what follows takes the rest.
const SHUTDOWN_TIMEOUT_MS = 8000;
// What is still written when no request is left, such as when a token was last used, has this long.
const LAST_WRITES_TIMEOUT_MS = 500;

/** A server that runs. */
export interface Server {
  /** `http://HOST:PORT`, with the port that it really listens on */
  readonly url: string;
  readonly storage: Storage;
  readonly log: Log;
  /**
   * Accepts no more requests, finishes those in progress, aborts what is left after the shutdown
   * timeout, and releases everything. Further calls wait for the same end.
   */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly log?: Log;
  /** for the log */
  readonly version?: string;
  /** how long requests and deliveries may take after `close` is called; 8 s unless given */
  readonly shutdownTimeoutMs?: number;
}

/**
 * Builds everything from storage to transports, and listens.
 * @throws StartupError where the database cannot be used; the system's error where the server
 * cannot listen
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const { log = createLog(config.logLevel), shutdownTimeoutMs = SHUTDOWN_TIMEOUT_MS } = options;
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (let close = opened.pop(); close; close = opened.pop()) await close();
  };
  try {
    const { databaseUrl, dataDir } = config;
    const onEvent = (event: string) => log.warn(event);
    for (const warning of config.warnings) log.warn(warning);
    const storage = await openDatabase({ databaseUrl, dataDir, onEvent });
    opened.push(() => storage.close());
    log.info({ version: options.version, database: storage.place }, 'flowgate is starting');
    const connections = new CheckedOutConnections(storage.database);
    await storage.embedded?.ensureOnlyServer();
    const { pool, credentials } = storage.database;
    const migrations = await migrate(pool, { onWait: onEvent });
    if (migrations.length > 0) log.info({ migrations }, 'the database was migrated');
    const isReady = () => isDatabaseReady(credentials.pool);
    const failures = new FailureLog(log, isReady);
    opened.push(() => Promise.resolve(failures.close()));

    const services = createDomain(storage.database, {
      ...config,
      version: options.version,
      directory: storage.embedded?.directory,
      onError: (error) => failures.report(error),
    });
    opened.push(() => services.authenticator.close());
    await services.realtime.start();
    opened.push(() => services.realtime.close());
    const metrics = createMetrics(config, { services, storage, version: options.version });
    if (metrics) opened.push(() => Promise.resolve(metrics.close()));
    const { upstream } = config;
    const mirroring =
      upstream && createMirroring(upstream, { database: storage.database, log, services });
    const listener = await createListener({
      services,
      config,
      log,
      failures,
      isReady,
      metrics,
      mirror: mirroring && { mirroring, secret: upstream.secret },
    });
    opened.push(() => listener.close());
    const server = new HttpServer(listener.handle);
    listener.attach(server.server);
    const url = await server.listen(config.port, config.host);
    log.info({ url }, 'the server listens');
    if (metrics) {
      const metricsServer = new HttpServer(metrics.handle);
      const at = await metricsServer.listen(config.metricsPort ?? 0, config.metricsHost);
      opened.push(() => metricsServer.close(0));
      log.info({ url: `${at}/metrics` }, 'metrics are served');
    }
    const openFiles = new OpenFilesWatch(log);
    openFiles.start();
    opened.push(() => Promise.resolve(openFiles.close()));
    if (config.backupDir !== undefined) {
      const backups = new ScheduledBackups({
        database: storage.database,
        log,
        clock: systemClock,
        version: options.version ?? '',
        directory: config.backupDir,
        everyMs: config.backupEveryHours * HOUR_MS,
        keep: config.backupKeep,
      });
      backups.start();
      opened.push(() => Promise.resolve(backups.close()));
    }
    const { webhookWorker, webhookHousekeeping } = services;
    mirroring?.start();
    if (mirroring) opened.push(() => mirroring.close());
    webhookWorker.start();
    webhookHousekeeping.start();
    if (storage.embedded && config.demo) {
      const demoFeed = new DemoFeed(services, (error) => failures.report(error));
      demoFeed.start();
      opened.push(() => demoFeed.close());
    }
    opened.push(async () => {
      // At the same time, because together they have that long.
      await Promise.all([
        server.close(shutdownTimeoutMs),
        listener.endStreams(),
        webhookWorker.close(shutdownTimeoutMs),
        webhookHousekeeping.close(),
      ]);
      setTimeout(() => connections.abort(), LAST_WRITES_TIMEOUT_MS).unref();
    });

    let closed: Promise<void> | undefined;
    const close = async () => {
      log.info('the server is stopping');
      await closeAll();
      log.info('the server has stopped');
    };
    return { url, storage, log, close: () => (closed ??= close()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
