import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { storedPings } from '../helpers/stored-pings.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-imports-'));
  db = await createTestDatabase();
  await db.database.prisma.account.create({ data: { name: 'acme' } });
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

const flowgate = (...args: string[]) =>
  runFlowgate({ DATABASE_URL: db.url }, [...args, '--account', 'acme']);

test('an import of the command line is listed and undone', async () => {
  const file = path.join(folder, 'march.csv');
  await writeFile(file, 'sensor_name,datetime,flowrate\nWell,2024-03-01T06:00:00Z,1\n');
  await flowgate('import', file, '--create-sensors');
  const listed = await flowgate('imports', 'list');
  expect(listed.stdout.split('\n')[1]).toMatch(/^1 +20\S+Z +operator +march\.csv +1 +0 +1 *$/);
  expect(await flowgate('imports', 'undo', '1', '--comment', 'wrong file')).toEqual({
    status: 0,
    stdout: 'The import 1 of march.csv was undone: 1 readings removed, 0 restored\n',
    stderr: '',
  });
  expect(await storedPings(db, 'acme')).toEqual([]);
  expect((await flowgate('imports', 'list')).stdout).toMatch(/Z by operator/);
  expect(await flowgate('imports', 'undo', '1')).toMatchObject({
    status: 1,
    stderr: 'flowgate: The import 1 was undone before.\n',
  });
  expect(await flowgate('imports', 'undo', '2')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^flowgate: There is no import 2\./),
  });
  expect(await flowgate('imports', 'undo', 'x')).toMatchObject({ status: 2 });
});
