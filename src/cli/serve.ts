import { Command } from 'commander';
import { startApp } from '../app.js';
import { loadConfig } from '../config.js';
import { createDemo, type DemoAccess } from '../demo/demo.js';
import { welcome } from '../demo/welcome.js';
import { DemoStore } from '../storage/demo.js';
import { NO_OUTBOX } from '../storage/ping-outbox.js';
import { StagedPings } from '../storage/staged-pings.js';
import { printLine } from './output.js';

const HELP = `
Settings are variables of the environment:
  PORT, HOST            where it listens (default: 4000, 127.0.0.1)
  DATABASE_URL          a PostgreSQL server; without it an embedded one is started
  FLOWGATE_DATA_DIR     where that keeps its data (default: .flowgate)
  FLOWGATE_DEMO=false   makes no demo account on an empty embedded database
  TRUSTED_PROXIES       addresses or CIDR ranges, separated by commas
  CORS_ORIGINS          origins whose pages may call, separated by commas
  RATE_LIMIT            requests a minute for each credential (default: 60000, 0: none)
  MAX_BODY_BYTES        of a request, decoded (default: 33554432)
  MAX_PINGS             of a request (default: 100000)
  WEBHOOK_ALLOW_PRIVATE_NETWORK=true
                        delivers webhooks to private addresses too
  LOG_LEVEL             fatal, error, warn, info, debug, trace or silent

SIGTERM and SIGINT end it within 10 s; once more, at once.`;

export function serveCommand(): Command {
  return new Command('serve').description('run the server').addHelpText('after', HELP).action(run);
}

async function run(): Promise<void> {
  const ending = endingSignal();
  const config = loadConfig();
  let demo: DemoAccess | undefined;
  const app = await startApp(config, {
    beforeListening: async ({ database, embedded }) => {
      if (!embedded || !config.demo) return;
      const store = new DemoStore(database, new StagedPings(NO_OUTBOX));
      demo = await createDemo(store, new Date());
    },
  });
  if (demo) printLine(welcome(app.url, demo, new Date()));
  printLine(`flowgate listening on ${app.url}`);
  await ending;
  await app.close();
}

// The app cuts what is left after 8 s; should something hang even so, it ends here.
const LAST_MS = 9500;

/** Settles at the first signal to end; at the second the process ends at once. */
function endingSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const end = () => {
      signals++;
      if (signals > 1) process.exit(1);
      setTimeout(() => process.exit(0), LAST_MS).unref();
      resolve();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
  });
}
