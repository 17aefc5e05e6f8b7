import { Command, Option } from 'commander';

const HELP = `
Settings are variables of the environment:
  PORT, HOST            where it listens (default: 4000, 127.0.0.1)
  FLOWGATE_WORKERS      processes that serve the port, or auto: one for each core (default: 1)
  BASE_PATH             the path under which a proxy serves it, such as /flow
  DATABASE_URL          a PostgreSQL server; without it an embedded one is started
  FLOWGATE_DATA_DIR     where that keeps its data (default: .flowgate)
  FLOWGATE_DEMO=false   makes no demo account on an empty embedded database, and lets one send no more
  TRUSTED_PROXIES       addresses or CIDR ranges, separated by commas
  CORS_ORIGINS          origins whose pages may call, separated by commas
  RATE_LIMIT            requests a minute for each credential (default: 60000, 0: none)
  MAX_BODY_BYTES        of a request, decoded (default: 33554432)
  MAX_IMPORT_BYTES      of a file to import (default: 268435456)
  MAX_PINGS             of a request (default: 100000)
  WEBHOOK_ALLOW_PRIVATE_NETWORK=true
                        delivers webhooks to private addresses too
  WEBHOOK_ALLOW_HTTP    whether webhooks may go to http URLs (default: where private addresses are allowed)
  WEBHOOK_LOG_DAYS      how long deliveries are kept (default: 30)
  WEBHOOK_MAX_WAITING   how many deliveries may wait for an account (default: 5000000)
  METRICS_PORT          where metrics for Prometheus are served (default: nowhere)
  METRICS_HOST          the address of that port (default: 127.0.0.1)
  LOG_LEVEL             fatal, error, warn, info, debug, trace or silent

SIGTERM or SIGINT ends it within 10 s; a second one, at once.`;

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the server')
    .addHelpText('after', HELP)
    .addOption(new Option('--worker', 'one of several that a server starts').hideHelp())
    .action(async ({ worker = false }: { worker?: boolean }) => {
      // The modules of the server take longer to load than most commands take to run.
      const { serve, serveAsWorker } = await import('./server-process.js');
      await (worker ? serveAsWorker() : serve());
    });
}
