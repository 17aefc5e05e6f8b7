import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import { acquireEmbedded } from '../../src/storage/embedded/embedded.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A node process that uses the embedded PostgreSQL of a data directory. */
export class Holder {
  readonly lines: string[] = [];
  stderr = '';
  private readonly exited: Promise<unknown[]>;
  private readonly output: NodeJS.EventEmitter;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    this.exited = once(child, 'exit');
    child.stderr.on('data', (chunk) => (this.stderr += chunk));
    this.output = createInterface({ input: child.stdout }).on('line', (line: string) =>
      this.lines.push(line),
    );
  }

  /** `as`: the command that runs it as another user. */
  static spawn(dataDir: string, { role = 'command', as = [] as string[] } = {}): Holder {
    const command = [
      ...as,
      process.execPath,
      ...['--import', './scripts/typescript.mjs', 'test/helpers/embedded-process.ts'],
      ...[dataDir, role],
    ];
    const [file = '', ...args] = command;
    return new Holder(spawn(file, args, { cwd: ROOT, env: { PATH: process.env['PATH'] } }));
  }

  static async ready(dataDir: string, options?: { role?: string; as?: string[] }): Promise<Holder> {
    const holder = Holder.spawn(dataDir, options);
    await holder.said(/^ready$/);
    return holder;
  }

  /** The first line that matches, said already or yet to come. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find((said) => pattern.test(said));
      if (line !== undefined) return line;
      const ended = await Promise.race([
        once(this.output, 'line').then(() => false),
        this.exited.then(() => true),
      ]);
      if (ended && !this.lines.some((said) => pattern.test(said))) {
        throw new Error(`The process ended without saying ${pattern}: ${this.stderr}`);
      }
    }
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const answer = once(this.output, 'line') as Promise<[string]>;
    this.child.stdin.write(`${sql.replace(/\s+/g, ' ')}\n`);
    return JSON.parse((await answer)[0]) as Record<string, unknown>[];
  }

  /** Its exit status. */
  async end(): Promise<number | null> {
    const [code] = (await this.exited) as [number | null];
    return code;
  }

  release(): Promise<number | null> {
    this.child.stdin.write('release\n');
    return this.end();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/**
 * @returns a function that puts a data directory that was used before into a folder: this takes less
 * time than a first start
 */
export function useDataDirTemplate(): (folder: string) => Promise<void> {
  let template: string;
  beforeAll(async () => {
    template = await mkdtemp(path.join(tmpdir(), 'flowgate-embedded-'));
    await (await acquireEmbedded(path.join(template, '.flowgate'))).release();
  });
  afterAll(() => rm(template, { recursive: true }));
  return async (folder) => {
    await promisify(execFile)('cp', ['-a', path.join(template, '.flowgate'), folder]);
  };
}

const lockFile = (dataDir: string) => path.join(dataDir, 'postgres-18', 'data', 'postmaster.pid');

/** The process number in the lock file of the embedded PostgreSQL, undefined without one. */
export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const lock = await readFile(lockFile(dataDir), 'utf8').catch(() => '');
  return Number.parseInt(lock, 10) || undefined;
}

export async function killPostgres(dataDir: string): Promise<void> {
  const pid = await postmasterPid(dataDir);
  if (pid === undefined) throw new Error(`No PostgreSQL runs in ${dataDir}.`);
  process.kill(pid, 'SIGKILL');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
