import { setFlagsFromString } from 'node:v8';
import type { Server } from '../composition/server.js';
import { loadConfig, type Config } from '../config.js';
import { createDemo } from '../demo/demo.js';
import { welcome } from '../demo/welcome.js';
import { NO_OUTBOX } from '../storage/pings/ping-outbox.js';
import { DemoStore } from '../storage/transfer/demo-store.js';
import { StagedPings } from '../storage/transfer/staged-pings.js';
import { printLine } from './output.js';
import { PARENT_PID } from './parent-pid.js';
import { version } from './version.js';

const GARBAGE_COLLECTION = [
  // How much the heap may grow, in percent of what is alive, before V8 collects all of it. By V8's
  // own rule large requests pile up 40 MB each, six deep.
  '--heap-growing-percent=150',
  // Young objects are few when they are collected: threads that help cost more than they do.
  '--no-parallel-scavenge',
];

/**
 * Runs the server until a signal ends it. @throws StartupError or another error if it cannot start
 */
export async function serve(): Promise<void> {
  GARBAGE_COLLECTION.forEach(setFlagsFromString);
  const config = loadConfig();
  const ending = endingSignal(config);
  const server = await start(config);
  try {
    // Only now: its credentials are printed once, and a server that cannot listen would not get as
    // far as that.
    await greet(server, config);
    printLine(`flowgate listening on ${server.url}`);
    await ending;
  } finally {
    await server.close();
    exitSoon();
  }
}

/** The process that only starts workers loads nothing of what they serve. */
async function start(config: Config): Promise<Server> {
  const options = { version: version() };
  if (config.workers > 1) {
    const { startPrimary } = await import('../composition/workers/primary.js');
    return startPrimary(config, options);
  }
  const { startServer } = await import('../composition/server.js');
  return startServer(config, options);
}

/**
 * Runs one of the processes of a server until its primary, or an operator who wants it replaced,
 * sends SIGTERM. Signals of the terminal are the primary's.
 */
export async function serveAsWorker(): Promise<void> {
  GARBAGE_COLLECTION.forEach(setFlagsFromString);
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  const ending = new Promise<void>((resolve) => {
    process.on('SIGTERM', () => {
      exitInTime();
      resolve();
    });
  });
  try {
    const { startServer } = await import('../composition/server.js');
    const { PrimaryChannel } = await import('../composition/workers/primary-channel.js');
    const primary = new PrimaryChannel();
    const server = await startServer(loadConfig(), { version: version(), primary });
    await ending;
    await server.close();
    exitSoon();
  } finally {
    // Otherwise it would keep the process. Where it is closed node exits at once, without a message.
    process.channel?.unref();
  }
}

async function greet({ url, storage, log }: Server, config: Config): Promise<void> {
  if (!storage.embedded || !config.demo) return;
  const store = new DemoStore(storage.database, new StagedPings(NO_OUTBOX));
  const demo = await createDemo(store, new Date());
  if (!demo) return;
  log.info('a demo account was created');
  printLine(welcome(url, demo, new Date()));
}

// The server aborts what is left after 8 s; should something hang even so, the process ends here.
const EXIT_TIMEOUT_MS = 9500;

function exitInTime(): void {
  setTimeout(() => process.exit(0), EXIT_TIMEOUT_MS).unref();
}

const IDLE_TIMEOUT_MS = 500;

/**
 * To be called when all is closed. What is open even so, such as a request to a collector of traces
 * that does not answer, is not waited for.
 */
function exitSoon(): void {
  setTimeout(() => process.exit(), IDLE_TIMEOUT_MS).unref();
}

const PARENT_POLL_INTERVAL_MS = 250;

/**
 * Settles at the first signal to end; at the second SIGTERM or SIGINT the process ends at once.
 * SIGHUP does not count as the second: a terminal that closes sends it more than once. npm passes
 * its signal on to the shell that it started the server with, which dies of it: that settles this
 * too, and does not count either.
 */
function endingSignal({ isNpmScript }: Pick<Config, 'isNpmScript'>): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const end = () => {
      exitInTime();
      resolve();
    };
    const onSignal = () => (++signals > 1 ? process.exit(1) : end());
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    process.on('SIGHUP', end);
    if (!isNpmScript) return;
    const poll = setInterval(() => {
      if (process.ppid === PARENT_PID) return;
      clearInterval(poll);
      end();
    }, PARENT_POLL_INTERVAL_MS).unref();
  });
}
