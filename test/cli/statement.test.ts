import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { runFlowgate, type Environment } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db.drop();
});

const run = (args: string, input = '') => runFlowgate(environment, args.split(' '), input);

test('a statement is issued, exported and checked at the command line, and refused once it is changed', async () => {
  await run('account create statements');
  const rows = Array.from({ length: 49 }, (_, hour) => {
    return `A,${new Date(Date.UTC(2026, 2, 1, hour)).toISOString()},${24 + (hour % 7)}\n`;
  });
  const csv = `sensor_name,datetime,flowrate\n${rows.join('')}`;
  await run('import - --account statements --create-sensors', csv);
  const { id } = await db.database.prisma.flowSensor.findFirstOrThrow();
  const issue = `statement issue --account statements --sensor ${id} --start 2026-03-01 --end 2026-03-02`;
  expect(await run(issue)).toMatchObject({ status: 0, stdout: '1\n' });
  expect(await run(`${issue} --supersedes 1`)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Is required where a statement is superseded.'),
  });
  expect((await run('statement list --account statements')).stdout).toMatch(/1 +1 +2026-03-01/);
  const { stdout: rowsOfCsv } = await run('statement export 1 --account statements --format csv');
  expect(rowsOfCsv).toContain(`1,1,${id},A,DAY,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,`);
  const factor = ['METER_FACTOR', ...Array<string>(17).fill(''), '1'].join();
  expect(rowsOfCsv.trim().split('\n').at(-1)).toBe(`1,1,${id},A,${factor}`);
  for (const number of ['one', '99999999999']) {
    expect(await run(`statement export ${number} --account statements`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`'${number}' is invalid`),
    });
  }
  const { stdout: text } = await run('statement export 1 --account statements');
  const [whole, changed, key, otherKey] = ['a.json', 'b.json', 'a.pem', 'b.pem'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string, string];
  await writeFile(whole, text);
  await writeFile(changed, text.replace('"flowrate":25', '"flowrate":26'));
  await writeFile(key, (await run('statement key')).stdout);
  const valid = await run(`verify --key ${key} ${whole}`);
  expect(valid).toMatchObject({ status: 0, stderr: '' });
  expect(valid.stdout).toContain('valid: statement 1, version 1, of statements: ');
  const refused = await run(`verify ${whole} ${changed}`);
  expect(refused).toMatchObject({ status: 1 });
  expect(refused.stdout).toMatch(
    /b\.json: sensors\[0\]\.content\.readings\[1\]\.flowrate: it was changed/,
  );
  const { publicKey } = generateKeyPairSync('ed25519');
  await writeFile(otherKey, publicKey.export({ type: 'spki', format: 'pem' }));
  expect((await run(`verify --key ${otherKey} ${whole}`)).stdout).toContain(
    'statement.keyFingerprint',
  );
  expect(await run(`verify ${path.join(folder, 'none')}`)).toMatchObject({ status: 1 });
});
