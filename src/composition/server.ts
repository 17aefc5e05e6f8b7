import type { Config } from '../config.js';
import { HttpServer } from '../http/http-server.js';
import { createLog, type Log } from '../http/log.js';
import { isDatabaseReady } from '../storage/migrations/readiness.js';
import type { Storage } from '../storage/open-database.js';
import { CheckedOutConnections } from '../storage/postgres/checked-out-connections.js';
import { createDomain } from './domain.js';
import { createBrokering } from './brokering.js';
import { FailureLog } from './failure-log.js';
import { createListener } from './http.js';
import { createMirrors } from './mirrors.js';
import { RefusalLog } from './refusal-log.js';
import { OpenFilesWatch } from './open-files-watch.js';
import { createMetrics } from './metrics.js';
import { LeadingTasks } from './leading-tasks.js';
import { Opened } from './opened.js';
import { openServerStorage, prepareStorage } from './prepare-storage.js';
import { startTracing } from './tracing.js';
import type { PrimaryChannel } from './workers/primary-channel.js';

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
  /** of one of several workers, whose primary has prepared the database and serves the metrics */
  readonly primary?: PrimaryChannel;
}

/**
 * Builds everything from storage to transports, and listens.
 * @throws StartupError where the database cannot be used; the system's error where the server
 * cannot listen
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const { log = createLog(config.logLevel), shutdownTimeoutMs = SHUTDOWN_TIMEOUT_MS } = options;
  const { primary } = options;
  const opened = new Opened();
  try {
    if (!primary) for (const warning of config.warnings) log.warn(warning);
    const { tracing } = config;
    if (tracing) opened.push(await startTracing(tracing, options.version ?? '', log));
    const storage = await openServerStorage(config, (event) => log.warn(event));
    opened.push(() => storage.close());
    log.info({ version: options.version, database: storage.place }, 'flowgate is starting');
    const connections = new CheckedOutConnections(storage.database.pools);
    if (!primary) await prepareStorage(storage, log);
    const isReady = () => isDatabaseReady(storage.database.credentials.pool);
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
    const { database } = storage;
    const mirrors = createMirrors(config.upstreams, { database, log, services, peers: primary });
    const refusals = new RefusalLog(log, metrics);
    const brokering =
      config.mqtt &&
      createBrokering(config.mqtt, {
        database: storage.database,
        log,
        services,
        metrics,
        refusals,
        onError: (error) => failures.report(error),
      });
    const listener = await createListener({
      services,
      config,
      log,
      failures,
      isReady,
      metrics,
      refusals,
      broker: brokering,
      mirrors,
      subscriptionGate: primary,
    });
    opened.push(() => listener.close());
    const server = new HttpServer(listener.handle);
    listener.attach(server.server);
    const url = await server.listen(config.port, config.host);
    log.info({ url }, 'the server listens');
    if (metrics && !primary) {
      const metricsServer = new HttpServer(metrics.handle);
      const at = await metricsServer.listen(config.metricsPort ?? 0, config.metricsHost);
      opened.push(() => metricsServer.close(0));
      log.info({ url: `${at}/metrics` }, 'metrics are served');
    }
    const openFiles = new OpenFilesWatch(log);
    openFiles.start();
    opened.push(() => Promise.resolve(openFiles.close()));
    const { webhookWorker, webhookHousekeeping, revisionNotices, imbalanceNotices } = services;
    const leading = new LeadingTasks({
      ...{ config, storage, services, mirrors, failures, log },
      version: options.version ?? '',
    });
    opened.push(() => leading.close());
    brokering?.start();
    if (brokering) opened.push(() => brokering.close());
    webhookWorker.start();
    webhookHousekeeping.start();
    revisionNotices.start();
    imbalanceNotices.start();
    opened.push(async () => {
      // At the same time, because together they have that long.
      await Promise.all([
        server.close(shutdownTimeoutMs),
        listener.endStreams(),
        webhookWorker.close(shutdownTimeoutMs),
        webhookHousekeeping.close(),
        revisionNotices.close(),
        imbalanceNotices.close(),
      ]);
      setTimeout(() => connections.abort(), LAST_WRITES_TIMEOUT_MS).unref();
    });

    if (!primary) leading.start();
    primary?.listen({
      lead: () => leading.start(),
      metrics: () => metrics?.ofProcess() ?? Promise.resolve([]),
      mirrored: (state) => mirrors.follow(state),
      copy: (upstream) => mirrors.copyNow(upstream),
    });

    return { url, storage, log, close: opened.closeOnce(log) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
