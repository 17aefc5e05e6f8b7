import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SummaryStore } from '../../src/storage/summaries/summary-store.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { storedPings } from '../helpers/stored-pings.js';
import { runFlowgate } from './flowgate.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  await db.drop();
});

async function run(args: string[], csv?: string): Promise<string> {
  const { status, stdout } = await runFlowgate({ DATABASE_URL: db.url }, args, csv);
  expect(status).toBe(0);
  return stdout;
}

const DAYS = ['A,1', 'A,2', 'A,3', 'A,4', 'B,1', 'B,2', 'B,3'];

/** The CSV row of `A,2`: a ping of sensor A on the second day. */
const rowOf = (ping: string) => `${ping.replace(',', ',2020-01-0')}T00:00:00Z,${ping.at(-1)}`;
const csvOf = (pings: readonly string[]) =>
  ['sensor_name,datetime,flowrate', ...pings.map(rowOf)].join('\n');

test.each([
  ['each sensor’s in ascending order of time', ['A,2', 'A,3', 'A,4', 'B,2', 'B,3'], 0, ''],
  ['the sensors alternating', ['A,2', 'B,2', 'A,3', 'B,3', 'A,4'], 0, ''],
  ['backwards', ['B,3', 'B,2', 'A,4', 'A,3', 'A,2'], 0, ''],
  [
    'one of them twice',
    ['A,2', 'A,3', 'A,3', 'A,4', 'B,2', 'B,3'],
    0,
    '1 repeated in the file, first at lines 3 and 4\n',
  ],
  [
    'one of them twice, after another sensor’s',
    ['A,2', 'A,3', 'A,4', 'B,2', 'B,3', 'A,4'],
    0,
    '1 repeated in the file, first at lines 4 and 7\n',
  ],
  [
    'one that is already stored, before the others',
    ['A,1', 'A,2', 'A,3', 'A,4', 'B,2', 'B,3'],
    1,
    '',
  ],
])('each row is loaded once: %s', async (name, pings, duplicates, repeats) => {
  await db.database.prisma.account.create({ data: { name } });
  const load = ['import', '-', '--account', name];
  await run([...load, '--create-sensors'], csvOf(['A,1', 'B,1']));
  expect(await run(load, csvOf(pings))).toBe(
    `${pings.length} rows: 5 new, ${duplicates} duplicates, 0 corrected; 0 sensors created\n${repeats}`,
  );
  expect(await storedPings(db, name)).toEqual(DAYS.map(rowOf));
  const summaries = new SummaryStore(db.database);
  for (const id of await summaries.sensorIds()) expect(await summaries.check(id)).toEqual([]);
});
