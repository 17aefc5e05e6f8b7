import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createEmptyDatabase } from '../helpers/database.js';
import { flowgate, LISTENING, printed, startFlowgate, type Environment } from './flowgate.js';

let folder: string;
let environment: Environment;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-backup-'));
  environment = { FLOWGATE_DATA_DIR: path.join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent' };
});
afterEach(() => rm(folder, { recursive: true }));

test('a backup of the embedded database beside its server restores there and on a DATABASE_URL, with every reading', async () => {
  const file = path.join(folder, 'a.backup');
  // The sensors of the demo go on sending until the server ends.
  const exported = ['export', '--account', 'demo', '--end', new Date().toISOString()];
  const server = startFlowgate(environment, ['serve']);
  await printed(server, LISTENING);
  const saved = await flowgate(environment, ['backup', file]);
  expect(saved).toMatchObject({ status: 0, stderr: '' });
  expect(saved.stdout).toMatch(
    /^\/.*a\.backup: \d+ rows of \d+ tables as of \S+Z, \d+ of them pings, \d+ kB\n$/,
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const running = await flowgate(environment, ['restore', file]);
  expect(running).toMatchObject({ status: 1, stdout: '' });
  expect(running.stderr).toMatch(/^flowgate: Another Flowgate server [^\n]+\n$/);
  const pings = await flowgate(environment, exported);
  expect(pings.stdout.split('\n').length).toBeGreaterThan(10_000);
  const ended = once(server, 'exit');
  server.kill();
  await ended;

  const empty = await createEmptyDatabase();
  const other = { FLOWGATE_DATA_DIR: path.join(folder, 'other') };
  for (const target of [other, { DATABASE_URL: empty.url }]) {
    const restored = await flowgate(target, ['restore', file]);
    expect(restored).toMatchObject({ status: 0 });
    expect(restored.stdout).toMatch(
      /^Restored \d+ rows [^\n]+ Counts, summaries and volumes are right\.\n$/,
    );
    expect(await flowgate(target, exported)).toEqual(pings);
    expect(await flowgate(target, ['rollup', 'check'])).toMatchObject({ status: 0 });
    const again = await flowgate(target, ['restore', file]);
    expect(again).toMatchObject({ status: 1 });
    expect(again.stderr).toMatch(/^flowgate: The database is not empty [^\n]+\n$/);
  }
  await empty.drop();
});

test('a backup goes through a pipe, and a file that exists or is damaged is reported in one line', async () => {
  const empty = await createEmptyDatabase();
  const source = { DATABASE_URL: empty.url };
  await flowgate(source, ['account', 'create', 'acme']);
  const file = path.join(folder, 'a.backup');
  const backup = startFlowgate(source, ['backup', '-']);
  await pipeline(backup.stdout!, createWriteStream(file));
  const checked = await flowgate({}, ['restore', '--check', '-'], await readFile(file));
  expect(checked.stdout).toMatch(/^The backup is whole: 2 rows of \d+ tables /);

  const taken = await flowgate(source, ['backup', file]);
  expect(taken).toEqual({ status: 1, stdout: '', stderr: `flowgate: ${file} exists already.\n` });
  await writeFile(file, (await readFile(file)).subarray(0, -10));
  const damaged = await flowgate({}, ['restore', '--check', file]);
  expect(damaged.stderr).toBe('flowgate: The backup is not whole: its end is missing.\n');
  const missing = await flowgate(source, ['backup', path.join(folder, 'no/a.backup')]);
  expect(missing.stderr).toMatch(/^flowgate: [^\n]*no such file or directory[^\n]*\n$/);
  expect(await readdir(folder)).toEqual(['a.backup']);
  await empty.drop();
});
