import { setFlagsFromString } from 'node:v8';
import { startServer } from '../composition/server.js';
import { loadConfig, type Config } from '../config.js';
import { createDemo, type DemoAccess } from '../demo/demo.js';
import { welcome } from '../demo/welcome.js';
import { DemoStore } from '../storage/transfer/demo-store.js';
import { NO_OUTBOX } from '../storage/pings/ping-outbox.js';
import { StagedPings } from '../storage/transfer/staged-pings.js';
import { printLine } from './output.js';
import { PARENT_PID } from './parent-pid.js';

// How much the heap may grow, in percent of what is alive, before V8 collects it whole. By its own rule large requests
// pile up 40 MB each, six deep.
const HEAP_GROWTH = '--heap-growing-percent=60';

/** Runs the server until a signal ends it. @throws StartupError and the like where it cannot start */
export async function serve(): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const config = loadConfig();
  const ending = endingSignal(config);
  let demo: DemoAccess | undefined;
  const app = await startServer(config, {
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

const LOOK_AT_PARENT_MS = 250;

/**
 * Settles at the first signal to end; at the second the process ends at once. npm passes its signal on to the shell
 * that it started the server with, which dies of it: that settles it too, and is no signal yet of those two.
 */
function endingSignal({ isNpmScript }: Pick<Config, 'isNpmScript'>): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const end = () => {
      setTimeout(() => process.exit(0), LAST_MS).unref();
      resolve();
    };
    const onSignal = () => (++signals > 1 ? process.exit(1) : end());
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    if (!isNpmScript) return;
    const look = setInterval(() => {
      if (process.ppid === PARENT_PID) return;
      clearInterval(look);
      end();
    }, LOOK_AT_PARENT_MS).unref();
  });
}
