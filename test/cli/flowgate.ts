import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
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
