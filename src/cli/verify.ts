import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { StatementFile } from '../domain/statements/document.js';
import { chainProblems, fingerprintOf, verifyStatement } from '../domain/statements/verify.js';
import { CommandError } from './error-messages.js';
import { printLine } from './output.js';

const EXAMPLES = `
Examples:
  $ flowgate verify october.json
  $ flowgate verify --key flowgate.pem statements/*.json

Needs neither a server nor a database. Without --key it is checked that the file was signed by the
key that it contains: compare the fingerprint with the one that the issuer publishes.`;

const MAX_PRINTED = 20;

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'check measurement statements: signature, hashes, and the volumes computed again from the readings',
    )
    .argument('<file...>', 'statements in JSON')
    .option('--key <file>', 'the public key of the issuer in PEM')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(paths: string[], { key }: { key?: string }): Promise<void> {
  const fingerprint = key === undefined ? undefined : await readKey(key);
  const files: StatementFile[] = [];
  let wrong = 0;
  for (const path of paths) {
    const { problems, file } = verifyStatement(await read(path));
    const all = [...problems];
    if (file && fingerprint !== undefined && file.statement.keyFingerprint !== fingerprint) {
      all.push({ place: 'statement.keyFingerprint', message: `it is not that of ${key}` });
    }
    for (const { place, message } of all.slice(0, MAX_PRINTED)) {
      printLine(`${path}: ${place}: ${message}`);
    }
    if (all.length > MAX_PRINTED) printLine(`${path}: … and ${all.length - MAX_PRINTED} more`);
    if (file) files.push(file);
    if (all.length > 0) wrong++;
    else if (file) printLine(`${path}: ${described(file)}`);
  }
  const chain = chainProblems(files);
  for (const { place, message } of chain) printLine(`${place}: ${message}`);
  if (wrong > 0) throw new CommandError(`${wrong} of ${paths.length} statements failed the check.`);
  if (chain.length > 0) throw new CommandError('The statements do not follow each other.');
}

function described({ statement }: StatementFile): string {
  const { number, version, account, start, end, volume, sensors, keyFingerprint } = statement;
  const of = `statement ${number}, version ${version}, of ${account}`;
  const what = `${volume} bbl (indicated) through ${sensors.length} sensors from ${start} to ${end}`;
  return `valid: ${of}: ${what}; signed by ${keyFingerprint}`;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

async function readKey(path: string): Promise<string> {
  const text = await read(path);
  try {
    return fingerprintOf(text);
  } catch {
    throw new CommandError(`${path} is not a public key in PEM.`);
  }
}
