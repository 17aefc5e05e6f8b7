import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../postgres/startup-error.js';
import type { Cluster } from './cluster.js';
import { errorText } from './error-text.js';
import { settingsOf, type Durability } from './settings.js';

const MAX_LOG_BYTES = 8 * 1024 * 1024;

/**
 * An attempt to start PostgreSQL, in a session of its own, so that a Ctrl-C meant for node does not
 * stop it.
 */
export interface Attempt {
  /**
   * Settles only when PostgreSQL exits: with undefined if it is worth trying again, else with the
   * reason.
   */
  readonly exited: Promise<StartupError | undefined>;
  /** Stops what it started, and nothing that another process has started meanwhile. */
  stop(): Promise<void>;
}

export async function startPostmaster(cluster: Cluster, durability: Durability): Promise<Attempt> {
  const port = await choosePort(cluster);
  const log = await openLog(cluster);
  const logStart = (await log.stat()).size;
  const { file, args, options } = cluster.identity.command(cluster.binaries.postgres, [
    ...['-D', cluster.data],
    ...settingsOf(cluster, port, durability),
  ]);
  const child = spawn(file, args, {
    ...options,
    cwd: '/',
    env: cluster.environment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  const exited = Promise.race([
    once(child, 'exit').then(() => undefined),
    once(child, 'error').then(([error]) => error as Error),
  ]).then((error) => explainExit(cluster, logStart, error));
  await log.close();
  const stop = async () => {
    if ((await readPid(cluster)) === child.pid) await stopPostmaster(cluster);
  };
  return { exited, stop };
}

/** Asks PostgreSQL to stop, which ends every connection, and waits until it has. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  const pid = await readPid(cluster);
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  while (isAlive(pid) && (await readPid(cluster)) === pid) await delay(10);
}

async function explainExit(
  cluster: Cluster,
  logStart: number,
  spawnError: Error | undefined,
): Promise<StartupError | undefined> {
  const log = (await readFile(cluster.log, 'utf8').catch(() => '')).slice(logStart);
  if (/lock file ".*" already exists/.test(log)) {
    await removeStaleLock(cluster);
    return undefined;
  }
  // A postmaster was killed and its children are still leaving.
  if (/pre-existing shared memory block/.test(log)) return undefined;
  if (/could not (bind|create any TCP)/.test(log)) {
    await rm(cluster.portFile, { force: true });
    return undefined;
  }
  const reason = spawnError?.message ?? errorText(log);
  return new StartupError(`The embedded PostgreSQL did not start: ${reason} (${cluster.log})`, {
    cause: spawnError,
  });
}

/**
 * PostgreSQL removes the lock file of a process that is gone, but not if another program has got
 * that process number meanwhile: then this checks whether it is a PostgreSQL of this cluster.
 */
async function removeStaleLock(cluster: Cluster): Promise<void> {
  const lock = path.join(cluster.data, 'postmaster.pid');
  const stale = await readFile(lock, 'utf8').catch(() => undefined);
  const pid = Number.parseInt(stale ?? '', 10);
  if (stale === undefined || !Number.isInteger(pid) || !isAlive(pid)) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (command === undefined || command.includes(cluster.data)) return;
  const aside = `${lock}.stale-${process.pid}`;
  await rename(lock, aside).catch(() => undefined);
  // Another process may have replaced it between the two calls: then it is put back.
  if ((await readFile(aside, 'utf8').catch(() => stale)) !== stale) await rename(aside, lock);
  await rm(aside, { force: true });
  const socketLock = path.join(cluster.data, `.s.PGSQL.${await cluster.port()}.lock`);
  const owner = Number.parseInt(await readFile(socketLock, 'utf8').catch(() => ''), 10);
  if (owner === pid) await rm(socketLock, { force: true });
}

async function readPid(cluster: Cluster): Promise<number | undefined> {
  const lock = await readFile(path.join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(lock, 10);
  return pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function openLog(cluster: Cluster) {
  const size = await stat(cluster.log).then(
    (log) => log.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(cluster.log, `${cluster.log}.1`);
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;
  const log = await open(cluster.log, flags, 0o600);
  await cluster.identity.own(cluster.log);
  return log;
}

async function choosePort(cluster: Cluster): Promise<number> {
  const known = await cluster.port();
  if (known > 0) return known;
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  await writeFile(cluster.portFile, String(port), { mode: 0o600 });
  return port;
}
