import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CommandError } from './error-messages.js';

export const PASSWORD_STDIN = [
  '--password-stdin',
  'read the password from stdin, without its last line break; otherwise it is asked for',
] as const;

const INTERRUPTED = 130;

/**
 * Reads a user's password from stdin, or typed twice and unseen at the terminal. Without either,
 * the command was used wrongly.
 */
export async function readPassword(command: Command, fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) {
    return command.error(
      'error: cannot ask for a password because stdin is not a terminal; use --password-stdin',
    );
  }
  return askTwice();
}

async function askTwice(): Promise<string> {
  // Readline echoes what is typed to its output, which discards it here. It must control the
  // terminal before the prompt appears, or the terminal would echo what a fast typist enters.
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  const closed = new Promise<never>((_, reject) => {
    terminal.on('close', () => reject(new CommandError('No password was given.')));
  });
  terminal.on('SIGINT', () => {
    process.stderr.write('\n');
    process.exit(INTERRUPTED);
  });
  const ask = async (prompt: string) => {
    process.stderr.write(prompt);
    const answer = await Promise.race([terminal.question(''), closed]);
    process.stderr.write('\n');
    return answer;
  };
  try {
    const password = await ask('Password: ');
    if ((await ask('Repeat password: ')) !== password)
      throw new CommandError('The two passwords differ.');
    return password;
  } finally {
    terminal.close();
  }
}
