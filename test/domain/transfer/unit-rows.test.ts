import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { ImportFixture } from '../../helpers/imports.js';

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

const HEADER = 'sensor_name,datetime,flowrate';
const ROWS = 'A,2024-03-01T05:00:00Z,24\nA,2024-03-01T06:00:00Z,48\n';
const STORED = ['A,2024-03-01T05:00:00Z,576', 'A,2024-03-01T06:00:00Z,1152'];

test.each([
  [`${HEADER}\n,,bbl/h\n${ROWS}`, 'line 2 as the units of the columns'],
  [`${HEADER}\n[-],[UTC],[BBL/H]\n${ROWS}`, 'line 2 as the units of the columns'],
  [`${HEADER}\n,TS,bbl/h\n,,Avg\n${ROWS}`, 'lines 2 to 3 as the units of the columns'],
])('rows of units below the header are no readings', async (file, recognised) => {
  for (const size of [7, 1 << 16]) {
    const loaded = await fixture.load(file, { unit: 'bbl/h' }, size);
    expect(loaded.recognised).toEqual([recognised]);
    expect(loaded.pings).toEqual(STORED);
    expect(loaded.rows).toBe(2);
  }
});

test('a wide table may have units below its header', async () => {
  const file = 'Timestamp,A,B\nUTC,m³/d,\n2024-03-01T05:00:00Z,1,2\n';
  const format = { wide: true, columns: { datetime: 'Timestamp' } } as const;
  const { pings } = await fixture.load(file, { unit: 'm3/d', format });
  expect(pings).toHaveLength(2);
});

test('a unit below the header that is not the file’s is an error', async () => {
  expect(await fixture.errorsOf(`${HEADER}\n,,m³/h\n${ROWS}`)).toEqual([
    '2 flowrate: Has the unit m3/h in its header, but the flowrates are read in bbl/d. [unit=m3/h]',
  ]);
});

test('a row without a datetime is an error where it holds no units, or is not the first', async () => {
  expect(await fixture.errorsOf(`${HEADER}\n,,furlong\n${ROWS}`)).toContain(
    '2 datetime: Must not be empty. []',
  );
  expect(await fixture.errorsOf(`${HEADER}\n${ROWS},,bbl/d\n`)).toContain(
    '4 datetime: Must not be empty. []',
  );
});

test('rows of delimiters alone are skipped, as empty lines are', async () => {
  const file = `${HEADER}\n,,\n${ROWS},,\n, ,\n,,,\n`;
  const loaded = await fixture.load(file, { unit: 'bbl/h' });
  expect([loaded.pings, loaded.rows]).toEqual([STORED, 2]);
  expect(await fixture.errorsOf(`${HEADER}\n,,\n`)).toEqual([
    ' : The file has a header and no rows. []',
  ]);
});

test.each(['100 m³/d', '100 M3/D', '100 m3/day'])('the number %s has a unit', async (text) => {
  const file = `${HEADER}\nA,2024-03-01T05:00:00Z,${text}\n`;
  const { pings } = await fixture.load(file, { unit: 'm3/d' });
  expect(pings).toEqual([expect.stringMatching(/^A,2024-03-01T05:00:00Z,628\.98/)]);
  expect(await fixture.errorsOf(file)).toEqual([expect.stringMatching(/Has the unit m3\/d/)]);
});

test.each(['100 BPD', '100 bopd', '100 bbl/day'])(
  'the number %s is in barrels a day',
  async (text) => {
    const { pings } = await fixture.load(`${HEADER}\nA,2024-03-01T05:00:00Z,${text}\n`);
    expect(pings).toEqual(['A,2024-03-01T05:00:00Z,100']);
  },
);

test('errors that spreadsheets and programs write instead of numbers can be left out', async () => {
  const file = `${HEADER}\nA,2024-03-01T05:00:00Z,#DIV/0!\nA,2024-03-01T06:00:00Z,1.#QNAN\n`;
  expect(await fixture.errorsOf(file)).toEqual([
    '2 flowrate: Must be a number, not "#DIV/0!". [nullValues=#DIV/0!]',
    '3 flowrate: Must be a number, not "1.#QNAN". [nullValues=1.#QNAN]',
  ]);
});
