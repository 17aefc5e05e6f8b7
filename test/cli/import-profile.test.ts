import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { storedPings } from '../helpers/stored-pings.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.drop());

async function run(args: string[]): Promise<string> {
  const { status, stdout } = await runFlowgate({ DATABASE_URL: db.url }, args);
  expect(status).toBe(0);
  return stdout;
}

test('how a file was read is saved as a profile, with which the next file is previewed, errors included', async () => {
  const name = 'plant';
  await run(['account', 'create', name]);
  const load = (csv: string, ...args: string[]) =>
    runFlowgate({ DATABASE_URL: db.url }, ['import', '-', '--account', name, ...args], csv);
  const profile = ['--create-sensors', '--columns', 'sensor_name=Tag,datetime=At,flowrate=Value'];
  const first = 'Tag;At;Value\nA;13.02.2020 00:00;1,5\n';
  const saved = await load(first, ...profile, '--unit', 'bbl/h', '--save-profile', 'Plant 2');
  expect(saved.status).toBe(0);
  const second = 'Tag;At;Value\nA;14.02.2020 00:00;2,5\nA;15.02.2020 00:00;?\n';
  expect(await load(second, '--profile', 'Plant 2', '--preview')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(
      /^2 rows \(preview.*\nRecognised: separated by semicolons, datetimes as D\.M\.YYYY H:mm, with decimal commas\.\n.*UTC.*\nThe first rows:\nLINE.*\n2 +A +2020-02-14T00:00:00Z +60\n$/,
    ),
    stderr: expect.stringMatching(/^flowgate: line 3, Value: Must be a number, not "\?"/),
  });
  expect(await storedPings(db, name)).toEqual(['A,2020-02-13T00:00:00Z,36']);
  const shown = await run(['profile', 'show', 'Plant 2', '--account', name]);
  expect(JSON.parse(shown)).toEqual({
    columns: { sensorName: 'Tag', datetime: 'At', flowrate: 'Value' },
    unit: 'bbl/h',
  });
  const unknown = await load(first, '--profile', 'Plant 3');
  expect(unknown).toMatchObject({ status: 1, stderr: expect.stringMatching(/"Plant 3"/) });
});

test('a column of totalizers is named, kept in a profile, previewed, loaded and exported', async () => {
  const name = 'counting';
  await run(['account', 'create', name]);
  const load = (csv: string, ...args: string[]) =>
    runFlowgate({ DATABASE_URL: db.url }, ['import', '-', '--account', name, ...args], csv);
  const file = 'Tag,datetime,flowrate,Counter\nA,2024-02-05T20:41:00Z,24,104233.5\n';
  const columns = ['--columns', 'sensor_name=Tag,totalizer=Counter', '--create-sensors'];
  const preview = await load(file, ...columns, '--dry-run');
  expect(preview.stdout).toMatch(/FLOWRATE \(BBL\/D\) +TOTALIZER \(BBL\)\n.* 24 +104233.5\n/);
  const loaded = await load(file, ...columns, '--save-profile', 'counting');
  expect(loaded.status).toBe(0);
  expect(loaded.stdout).not.toContain('Columns not read');
  const next = file.replace('20:41', '20:42').replace('233.5', '233.525');
  expect((await load(next, '--profile', 'counting')).status).toBe(0);
  expect((await run(['export', '--account', name])).replace(/^\d+,/gm, '')).toBe(
    [
      'sensor_id,sensor_name,datetime,flowrate,totalizer',
      'A,2024-02-05T20:41:00Z,24,104233.5',
      'A,2024-02-05T20:42:00Z,24,104233.525',
      '',
    ].join('\n'),
  );
});
