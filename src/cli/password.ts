import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CommandError } from './error-messages.js';

export const PASSWORD_STDIN = [
  '--password-stdin',
  'read the password from stdin, without its last line break; else it is asked for',
] as const;

const INTERRUPTED = 130;

/**
 * The password for a user, from stdin or typed twice at the terminal, unseen.
 * Where neither is possible it is wrong usage of the command.
 */
export async function readPassword(command: Command, fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) {
    return command.error('error: stdin is no terminal to ask at; give --password-stdin');
  }
  return askTwice();
}

async function askTwice(): Promise<string> {
  // Readline echoes what is typed to its output: here to nowhere. It must have the terminal before the prompt is
  // there, or the terminal itself would echo the password of who types fast.
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  const ended = new Promise<never>((_, reject) => {
    terminal.on('close', () => reject(new CommandError('No password was given.')));
  });
  terminal.on('SIGINT', () => {
    process.stderr.write('\n');
    process.exit(INTERRUPTED);
  });
  const ask = async (prompt: string) => {
    process.stderr.write(prompt);
    const answer = await Promise.race([terminal.question(''), ended]);
    process.stderr.write('\n');
    return answer;
  };
  try {
    const password = await ask('Password: ');
    if ((await ask('Again: ')) !== password) throw new CommandError('The passwords differ.');
    return password;
  } finally {
    terminal.close();
  }
}
