import { createServer, type AddressInfo } from 'node:net';
import type { Config } from '../../config.js';
import { HttpServer, httpUrl } from '../../http/http-server.js';
import { createLog } from '../../http/log.js';
import { metricsHandler } from '../../metrics/handler.js';
import { aggregatedMetrics } from '../../metrics/processes.js';
import { CONNECTIONS_PER_INSTANCE } from '../../storage/postgres/database.js';
import { InstallationStore } from '../../storage/system/installation-store.js';
import { Opened } from '../opened.js';
import { openServerStorage, prepareStorage } from '../prepare-storage.js';
import type { Server, ServerOptions } from '../server.js';
import { maxSubscriptions } from '../subscription-maxima.js';
import { Workers } from './workers.js';

// Workers take at most 8.5 s; what does not end by itself is ended, before this process must be gone.
const WORKERS_TIMEOUT_MS = 9000;

/**
 * Prepares the database and starts the worker processes that serve it, behind one port.
 * @throws what startServer throws
 */
export async function startPrimary(
  config: Config,
  { version, log = createLog(config.logLevel) }: Pick<ServerOptions, 'version' | 'log'>,
): Promise<Server> {
  const opened = new Opened();
  try {
    for (const warning of config.warnings) log.warn(warning);
    // The workers alone read.
    const own = { ...config, replicaUrls: [] };
    const storage = await openServerStorage(own, (event) => log.warn(event));
    opened.push(() => storage.close());
    const { workers: count } = config;
    log.info({ version, database: storage.place, workers: count }, 'flowgate is starting');
    await prepareStorage(storage, log);
    const needed = count * CONNECTIONS_PER_INSTANCE;
    const { maxConnections: available } = await new InstallationStore(storage.database).read();
    if (available < needed) {
      log.warn(
        { available, needed },
        'PostgreSQL accepts fewer connections than the workers may open: raise its max_connections, or lower FLOWGATE_WORKERS',
      );
    }
    const port = await freePort(config);
    const workers = new Workers({ count, log, maxSubscriptions: maxSubscriptions(config) });
    opened.push(() => workers.end(WORKERS_TIMEOUT_MS));
    await workers.start({ PORT: String(port) });
    const url = httpUrl(config.host, port);
    log.info({ url }, 'the workers listen');
    if (config.metricsPort !== undefined) {
      const server = new HttpServer(
        metricsHandler(async () => aggregatedMetrics(await workers.metrics(), workers.readyCount)),
      );
      const at = await server.listen(config.metricsPort, config.metricsHost);
      opened.push(() => server.close(0));
      log.info({ url: `${at}/metrics` }, 'metrics are served');
    }
    return { url, storage, log, close: opened.closeOnce(log) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * The port that the workers are to listen on: the same for all of them, and for those that replace
 * them. @throws the system's error where it cannot be listened on
 */
async function freePort({ port, host }: Pick<Config, 'port' | 'host'>): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return actual;
}
