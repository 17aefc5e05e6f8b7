import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RateLimitedError, UnavailableError } from '../domain/shared/errors.js';
import { DatabaseUnavailableError } from '../storage/postgres/pg-errors.js';
import { CommandError, formatError } from './error-messages.js';
import { printLine } from './output.js';

const PROCESSED = 'processed';
const FAILED = 'failed';
const LOOK_INTERVAL_MS = 500;
const RETRY_INTERVAL_MS = 10_000;
/** What programs call a file that they are still writing. */
const UNFINISHED = /^\.|^~\$|\.(part|partial|tmp|temp|crdownload|filepart)$/i;

export interface WatchOptions {
  readonly folder: string;
  /** how long a file must not have changed before it is taken */
  readonly settleMs: number;
  /** loads a file whole or not at all; returns what there is to say of it */
  readonly load: (file: string) => Promise<readonly string[]>;
  /** ends the watch after the file in hand */
  readonly signal: AbortSignal;
}

interface Seen {
  /** size and time of the last change */
  readonly state: string;
  /** when that was first seen, by the stopwatch */
  readonly since: number;
}

/**
 * Loads files as they appear in a folder, the oldest first, and moves each to `processed` or, with
 * its errors beside it, to `failed`. A file that cannot be loaded now, because the database is away,
 * is tried again. What was loaded but not moved when the process was killed is loaded again, which
 * changes nothing: its pings are stored already.
 */
export async function watchFolder(options: WatchOptions): Promise<void> {
  const { folder, settleMs, load, signal } = options;
  await requireFolder(folder);
  await Promise.all([PROCESSED, FAILED].map((name) => mkdir(path.join(folder, name), OPTIONAL)));
  let seen = new Map<string, Seen>();
  // A function, because it changes while the loop waits.
  const isEnded = () => signal.aborted;
  while (!isEnded()) {
    let pause = LOOK_INTERVAL_MS;
    const found = await look(folder, seen);
    seen = new Map(found);
    for (const [name, { since }] of found) {
      if (isEnded()) return;
      if (performance.now() - since < settleMs) continue;
      if (await isTaken(folder, name, load)) continue;
      pause = RETRY_INTERVAL_MS;
      break;
    }
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}

const OPTIONAL = { recursive: true };

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: Error) => {
    throw new CommandError(`${folder} cannot be watched: ${error.message}.`, { cause: error });
  });
  if (!found.isDirectory()) {
    throw new CommandError(`${folder} cannot be watched: it is not a directory.`);
  }
}

/** The files of a folder, the oldest first, and since when each has been as it is. */
async function look(
  folder: string,
  before: ReadonlyMap<string, Seen>,
): Promise<[name: string, seen: Seen][]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const files = await Promise.all(
    names
      .filter((name) => !UNFINISHED.test(name))
      // One that is gone since then is not listed.
      .map(async (name) => ({
        name,
        found: await stat(path.join(folder, name)).catch(() => null),
      })),
  );
  return files
    .flatMap(({ name, found }) => (found ? [{ name, found }] : []))
    .sort((a, b) => a.found.mtimeMs - b.found.mtimeMs || (a.name < b.name ? -1 : 1))
    .map(({ name, found }) => {
      const state = `${found.size} ${found.mtimeMs}`;
      const known = before.get(name);
      const since = known?.state === state ? known.since : performance.now();
      return [name, { state, since }];
    });
}

/** Loads a file and moves it; false where it is to be tried again. */
async function isTaken(folder: string, name: string, load: WatchOptions['load']): Promise<boolean> {
  try {
    const lines = await load(path.join(folder, name));
    await move(folder, name, PROCESSED);
    printLine(`${name}: ${lines.join(' ')}`);
  } catch (error) {
    const lines = formatError(error);
    if (isTransient(error)) {
      printLine(`${name}: not loaded yet. ${lines.join(' ')}`);
      return false;
    }
    const moved = await move(folder, name, FAILED);
    await writeFile(`${moved}.error.txt`, lines.map((line) => `${line}\n`).join(''));
    printLine(`${name}: failed. ${lines.at(-1)}`);
  }
  return true;
}

function isTransient(error: unknown): boolean {
  return [DatabaseUnavailableError, UnavailableError, RateLimitedError].some(
    (type) => error instanceof type,
  );
}

/** Under another name where there is a file of its name. @returns its path */
async function move(folder: string, name: string, to: string): Promise<string> {
  const { name: base, ext } = path.parse(name);
  for (let number = 1; ; number++) {
    const target = path.join(folder, to, number === 1 ? name : `${base}-${number}${ext}`);
    if (await stat(target).catch(() => undefined)) continue;
    await rename(path.join(folder, name), target);
    return target;
  }
}
