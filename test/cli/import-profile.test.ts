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
