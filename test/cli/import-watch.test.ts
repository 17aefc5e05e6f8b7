import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { printed, runFlowgate, startFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-watch-'));
  await db.database.prisma.account.create({ data: { name: 'acme' } });
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

const HEADER = 'sensor_name,datetime,flowrate';
const csv = (day: number) =>
  `${HEADER}\nA,2026-01-${String(day).padStart(2, '0')}T00:00:00Z,${day}\n`;
const args = (watched: string) => [
  ...['import', '--watch', watched, '--account', 'acme', '--create-sensors', '--settle', '0'],
];
const put = async (name: string, text: string) => {
  await writeFile(path.join(folder, `.${name}`), text);
  await rename(path.join(folder, `.${name}`), path.join(folder, name));
};
const days = async () => {
  const pings = await db.database.prisma.ping.findMany({ orderBy: { datetime: 'asc' } });
  return pings.map(({ flowrate }) => flowrate);
};

test('files of a watched directory are loaded and moved, a bad one with its errors beside it, and a signal ends it', async () => {
  await put('first.csv', csv(1));
  await put('wrong.csv', `${HEADER}\nA,yesterday,5\n`);
  await put('unfinished.csv.part', csv(9));
  await mkdir(path.join(folder, 'other'));
  const watch = startFlowgate(environment, args(folder));
  await printed(watch, /^wrong\.csv: failed\. line 2, datetime: .*\n/m);
  expect(await days()).toEqual([1]);
  await put('second.csv', csv(2));
  await printed(watch, /^second\.csv: 1 rows: 1 new, .*\n/m);
  // of a name that was there already
  await put('first.csv', csv(3));
  await printed(watch, /^first\.csv: 1 rows: 1 new, .*\n/m);
  const ended = once(watch, 'exit');
  watch.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await days()).toEqual([1, 2, 3]);
  expect((await readdir(path.join(folder, 'processed'))).sort()).toEqual([
    ...['first-2.csv', 'first.csv', 'second.csv'],
  ]);
  expect((await readdir(path.join(folder, 'failed'))).sort()).toEqual([
    ...['wrong.csv', 'wrong.csv.error.txt'],
  ]);
  expect(await readFile(path.join(folder, 'failed', 'wrong.csv.error.txt'), 'utf8')).toMatch(
    /^line 2, datetime: .*"yesterday".* Nothing was loaded\.\n$/,
  );
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['other', 'unfinished.csv.part']));
});

test('a file that was loaded but not moved when the process ended changes nothing when it is loaded again', async () => {
  await put('again.csv', csv(1));
  const watch = startFlowgate(environment, args(folder));
  await printed(watch, /^again\.csv: 1 rows: 0 new, 1 duplicates, .*\n/m);
  watch.kill('SIGTERM');
  await once(watch, 'exit');
  expect(await days()).toEqual([1, 2, 3]);
});

test('what cannot be watched is refused before any file is moved', async () => {
  await put('waiting.csv', csv(4));
  const run = (...more: string[]) => runFlowgate(environment, ['import', ...more]);
  const watched = ['--watch', folder, '--account'];
  expect(await run(...watched, 'nobody')).toMatchObject({ status: 1 });
  expect(await run(...watched, 'acme', '--profile', 'none')).toMatchObject({ status: 1 });
  expect(await run('--watch', path.join(folder, 'none'), '--account', 'acme')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^flowgate: .*none cannot be watched: .*\n$/),
  });
  expect(await run(...watched, 'acme', '--dry-run')).toMatchObject({ status: 2 });
  expect(await run(...watched, 'acme', 'a.csv')).toMatchObject({ status: 2 });
  expect(await run('--account', 'acme')).toMatchObject({ status: 2 });
  expect(await readdir(folder)).toContain('waiting.csv');
});
