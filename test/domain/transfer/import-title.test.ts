import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { ImportFixture, PINGS, PLAIN } from '../../helpers/imports.js';

let db: TestDatabase;
let fixture: ImportFixture;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
});

afterAll(() => db.drop());

test('lines before the header are skipped where that is asked for', async () => {
  const file = `Report of March\nA,B\n${PLAIN}`;
  const format = { skipLines: 2 };
  expect(await fixture.load(file, { format })).toMatchObject({ pings: PINGS });
  const wrong = file.replace(',7', ',seven');
  expect(await fixture.errorsOf(wrong, { format })).toEqual([
    '5 flowrate: Must be a number, not "seven". [nullValues=seven]',
  ]);
});

test.each([
  ['a title', `Report of March\n${PLAIN}`, 'line 1 as a title before the header'],
  [
    'a title, an empty line and a date in quotes',
    `Report of March,,\r\n\r\n"Printed\non ""Monday"""\r\n${PLAIN}`,
    'lines 1 to 4 as a title before the header',
  ],
  [
    'a quote that the title does not close',
    `24" lateral\n"to the north\n${PLAIN.replaceAll(',', ';')}`,
    'lines 1 to 2 as a title before the header, separated by semicolons',
  ],
])('lines before the header are recognised: %s', async (_, file, recognised) => {
  for (const size of [1, 1 << 16]) {
    const loaded = await fixture.load(file, {}, size);
    expect(loaded.recognised.join(', ')).toBe(recognised);
    expect(loaded.pings).toEqual(PINGS);
  }
  const line = file.slice(0, file.indexOf('sensor_name')).split('\n').length + 2;
  expect(await fixture.errorsOf(file.replace(/7\n$/, 'x\n'))).toEqual([
    `${line} flowrate: Must be a number, not "x". [nullValues=x]`,
  ]);
});

test('rows of readings under other names are not taken for a title', async () => {
  const file = `Tag;Time;Flow\nA;2024-03-01T05:00:00Z;1\n${PLAIN.replaceAll(',', ';')}`;
  expect(await fixture.errorsOf(file)).toEqual([expect.stringMatching(/^1 : The header has no/)]);
});

test('a quote that is never closed is reported, however many lines follow', async () => {
  const file = `"${'a\n'.repeat(400_000)}`;
  expect(await fixture.errorsOf(file)).toEqual(['1 : A quoted field is not closed. []']);
});
