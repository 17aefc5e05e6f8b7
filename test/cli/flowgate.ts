import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The line by which a server says that it is ready; the group is its URL. */
export const LISTENING = /^flowgate listening on (http:\/\/\S+)\n/m;

const COMMAND = path.resolve(import.meta.dirname, '../../bin/flowgate.js');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Environment = Readonly<Record<string, string>>;

/** Runs the real command to its end, with only the given environment variables and PATH. */
export async function flowgate(
  environment: Environment,
  args: readonly string[],
  input: string | Buffer = '',
): Promise<Finished> {
  const child = startFlowgate(environment, args);
  // A command that fails early does not read its stdin.
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(input);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { status: child.exitCode, stdout, stderr };
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command in this process, one after the other: a process of its own would load the program
 * again, which takes ten times as long as most commands.
 */
export function runFlowgate(
  environment: Environment,
  args: readonly string[],
  input: string | Buffer = '',
): Promise<Finished> {
  const finished = last.then(() => runHere(environment, args, input));
  last = finished.catch(() => undefined);
  return finished;
}

async function runHere(
  environment: Environment,
  args: readonly string[],
  input: string | Buffer,
): Promise<Finished> {
  const { run } = await import('../../src/cli/program.js');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const own = {
    env: { PATH: process.env['PATH'], ...environment },
    stdin: Readable.from([Buffer.from(input)], { objectMode: false }),
    ...{ stdout, stderr },
  };
  const before = Object.getOwnPropertyDescriptors(process);
  for (const [name, value] of Object.entries(own)) {
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
  }
  try {
    const status = await run(args);
    stdout.end();
    stderr.end();
    const [out, error] = await printed;
    return { status, stdout: out, stderr: error };
  } finally {
    for (const name of Object.keys(own)) Object.defineProperty(process, name, before[name]!);
  }
}

export function startFlowgate(environment: Environment, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'pipe',
  });
}

/**
 * Waits until a process has printed a match of the pattern. @returns the first group of the match
 */
export async function printed(
  child: Pick<ChildProcess, 'stdout'>,
  pattern: RegExp,
): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    const match = pattern.exec(output);
    if (match) return match[1] ?? match[0];
  }
  throw new Error(`The process ended without printing ${String(pattern)}:\n${output}`);
}
