import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { ImportFixture } from '../../helpers/imports.js';

let db: TestDatabase;
let fixture: ImportFixture;
let domain: Domain;
let principal: Principal;
let id: number;

beforeAll(async () => {
  db = await createTestDatabase();
  fixture = new ImportFixture(db);
  domain = createTestDomain(db.database);
  await domain.accounts.create('ours');
  principal = await domain.accounts.operatorIn({ name: 'ours' });
  ({ id } = await domain.sensors.create(principal, { name: 'FT-102' }));
});

afterAll(() => db.drop());

const HEADER = 'sensor_name,datetime,flowrate,quality';
const row = (minute: number, flowrate: number, quality: string) =>
  `FT-102,2024-02-05T20:${minute}:00Z,${flowrate},${quality}`;
const file = (...rows: string[]) => [HEADER, ...rows, ''].join('\n');
const DAY = { start: new Date('2024-02-05'), end: new Date('2024-02-06') };

function load(text: string, onConflict: 'REJECT' | 'OVERWRITE' = 'REJECT') {
  const options = { createSensors: false, dryRun: false, comment: 'test' } as const;
  return domain.imports.run(principal, one(text), { unit: 'bbl/d', onConflict, ...options });
}

async function* one(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

async function exported(): Promise<string> {
  const parts: string[] = [];
  await domain.exports.run(principal, {}, (text) => {
    parts.push(text);
    return Promise.resolve();
  });
  return parts.join('');
}

async function figures() {
  return (await domain.volumes.ofRange(principal, [id], DAY, 'LINEAR')).get(id)!;
}

const deleteAll = () => domain.pings.delete(principal, id, DAY, { dryRun: false });

test('a column of qualities is read and exported; bad readings are counted and are in no volume', async () => {
  const text = file(
    row(10, 1000, 'Good'),
    row(20, 0, 'Bad'),
    row(30, -999_999, '0'),
    row(40, 1000, '64'),
  );
  const result = await load(text);
  expect(result).toMatchObject({
    inserted: 4,
    unreadColumns: [],
    qualities: { uncertain: 1, bad: 2 },
  });
  expect(result.preview[1]).toMatchObject({ flowrate: 0, quality: 'BAD' });
  const { volume, pingCount } = await figures();
  expect(volume).toBeCloseTo(1000 / 48, 9);
  expect(pingCount).toBe(2);
  const copy = await exported();
  expect(copy.split('\n').map((line) => line.split(',').slice(3).join())).toEqual([
    'flowrate,quality',
    '1000,GOOD',
    '0,BAD',
    '-999999,BAD',
    '1000,UNCERTAIN',
    '',
  ]);
  expect(await load(copy)).toMatchObject({ inserted: 0, duplicates: 4 });
  await deleteAll();
  expect(await load(copy)).toMatchObject({ inserted: 4 });
  expect(await exported()).toBe(copy);
  await deleteAll();
  expect(await exported()).toBe('sensor_id,sensor_name,datetime,flowrate\n');
});

test('a column that is called quality and has other values is not read, unless it is named', async () => {
  const text = file(row(10, 1, 'A'), row(20, 2, 'P'));
  expect(await fixture.load(text)).toMatchObject({ inserted: 2, unreadColumns: ['quality'] });
  const columns = { quality: 'quality' };
  const rule = 'Must be GOOD, UNCERTAIN or BAD, or 192, 64 or 0 as in OPC, or empty';
  expect(await fixture.errorsOf(text, { format: { columns } })).toEqual([
    `2 quality: ${rule}; got "A". [where=quality=A]`,
    `3 quality: ${rule}; got "P". [where=quality=P]`,
  ]);
  const where = [{ column: 'quality', value: 'A' }];
  expect(await fixture.load(text, { format: { columns, where } })).toMatchObject({ inserted: 1 });
});

test('one value of another kind beside known ones is an error that names its line', async () => {
  const text = file(row(10, 1, 'Good'), row(20, 2, ''), row(30, 3, 'Suspect'));
  expect(await fixture.errorsOf(text)).toEqual([
    expect.stringMatching(/^4 quality: Must be GOOD.*got "Suspect"/),
  ]);
  const twice = file(row(10, 1, 'Good'), row(10, 1, 'Bad'));
  expect(await fixture.errorsOf(twice)).toEqual([
    expect.stringMatching(/^3 quality: Line 2 has another quality of "FT-102" .*: GOOD, not BAD\./),
  ]);
});

test('another quality of a stored reading is a conflict, an overwrite is a revision, and the summaries are right after it', async () => {
  await load(file(row(10, 24, ''), row(20, 24, 'Good'), row(30, 24, '')));
  expect(await load(file(row(10, 24, ''), row(20, 24, '192')))).toMatchObject({ duplicates: 2 });
  const judged = file(row(10, 24, 'Bad'), row(20, 24, 'Bad'), row(30, 24, 'Bad'));
  await expect(load(judged)).rejects.toMatchObject({
    count: 3,
    errors: expect.arrayContaining([
      expect.objectContaining({
        line: 2,
        column: 'quality',
        message:
          'The ping of "FT-102" at 2024-02-05T20:10:00Z is already stored with the quality GOOD.',
      }),
    ]),
  });
  expect(await load(judged, 'OVERWRITE')).toMatchObject({ corrected: 3 });
  // Every reading is bad, so nothing is left in any summary.
  expect(await figures()).toMatchObject({ volume: 0, pingCount: 0, durationGood: 0 });
  expect(await domain.rollups.check(id)).toEqual([]);
  // The last reading is a bad one: one at its instant is compared with it, an earlier one is late.
  expect(await load(judged)).toMatchObject({ duplicates: 3 });
  // A file that says nothing of quality leaves it, unless it changes the flowrate.
  const silent = file(row(10, 24, ''), row(20, 48, ''), row(30, 24, ''));
  expect(await load(silent, 'OVERWRITE')).toMatchObject({ corrected: 1, duplicates: 2 });
  expect(await figures()).toMatchObject({ pingCount: 1, maxFlowrate: 48 });
  expect(await domain.rollups.check(id)).toEqual([]);
  const all = await domain.revisions.windows(principal, [id], DAY, { take: 4, from: 'first' });
  expect(all.get(id)!.items.map(({ oldQuality, newQuality }) => [oldQuality, newQuality])).toEqual([
    ['BAD', 'GOOD'],
    ['GOOD', 'BAD'],
    ['GOOD', 'BAD'],
    ['GOOD', 'BAD'],
  ]);
});
