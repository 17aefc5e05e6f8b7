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

test('a unit in the name of a column is the one that the file is read in, or the file is refused', async () => {
  const wide = 'datetime,A [gpm],B (GPM)\n2024-03-01T05:00:00Z,1,2\n';
  const format = { wide: true };
  expect(await fixture.errorsOf(wide, { format })).toEqual([
    '1 A [gpm]: Has the unit gpm in its header, but the flowrates are read in bbl/d. [unit=gpm]',
    '1 B (GPM): Has the unit gpm in its header, but the flowrates are read in bbl/d. [unit=gpm]',
  ]);
  const long = 'sensor_name,datetime,Flow (m³/h)\nA [gpm],2024-03-01T05:00:00Z,1\n';
  const columns = { flowrate: 'Flow (m³/h)' };
  expect(await fixture.errorsOf(long, { format: { columns } })).toEqual([
    '1 Flow (m³/h): Has the unit m3/h in its header, but the flowrates are read in bbl/d. [unit=m3/h]',
  ]);
  const loaded = await fixture.load(long, { format: { columns }, unit: 'm3/h' });
  expect(loaded.inserted).toBe(1);
  const other = 'datetime,A [north],B\n2024-03-01T05:00:00Z,1,2\n';
  expect((await fixture.load(other, { format })).inserted).toBe(2);
});
