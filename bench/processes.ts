import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TYPESCRIPT = ['--import', './scripts/typescript.mjs'];
const HEAP_PROBE = ['--expose-gc', '--import', './bench/heap-probe.mjs'];

/** A server process of a benchmark. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** Its heap after a full garbage collection, in MB. */
  readonly heapMegabytes: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

export const startFlowgate = (databaseUrl: string, environment: NodeJS.ProcessEnv = {}) =>
  startServer('bin/flowgate.js', ['serve'], databaseUrl, { RATE_LIMIT: '0', ...environment });
export const startBare = (databaseUrl: string) =>
  startServer('bench/bare/server.ts', [], databaseUrl);
export const startFloor = (databaseUrl: string) =>
  startServer('bench/bare/floor.ts', [], databaseUrl);
export const startPeer = (databaseUrl: string) =>
  startServer('bench/peer/server.ts', [], databaseUrl);

/** BENCH_NODE_OPTIONS passes options such as `--cpu-prof` to the servers' Node. */
async function startServer(
  file: string,
  args: string[],
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const options = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const loader = file.endsWith('.ts') ? TYPESCRIPT : [];
  const child = spawn(process.execPath, [...options, ...HEAP_PROBE, ...loader, file, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl,
      ...environment,
    },
  });
  return {
    url: await listening(child, file),
    pid: child.pid!,
    heapMegabytes: async () => {
      child.send('heap');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes / 2 ** 20;
    },
    stop: () => stop(child),
  };
}

async function listening(child: ChildProcess, file: string): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const url = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const [found] = /http:\/\/\S+/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`${file} exited with status ${code}.`)));
  });
  return url;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/**
 * Runs the `flowgate` command of the last build to its end. @throws with its output where it fails
 */
export async function runFlowgate(databaseUrl: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/flowgate.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
  return stdout;
}

/** Resident memory of a process, in MB; undefined where the system does not report it. */
export async function residentMegabytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

// Linux reports hundredths of a second, independent of the kernel's clock rate.
const MS_PER_TICK = 10;

/**
 * Processor time used by a process, in milliseconds; undefined where the system does not report it.
 */
export async function cpuMilliseconds(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name may contain anything; after it, the 12th and 13th fields are user and system time.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
