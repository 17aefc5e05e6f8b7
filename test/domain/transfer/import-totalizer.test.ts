import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { ImportErrors } from '../../../src/domain/transfer/import/errors.js';
import type { ImportOptions } from '../../../src/domain/transfer/import/options.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';

let db: TestDatabase;
let domain: Domain;
let principal: Principal;
let id: number;
let accounts = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  domain = createTestDomain(db.database);
});
afterAll(() => db.drop());
beforeEach(async () => {
  const name = `account ${++accounts}`;
  await domain.accounts.create(name);
  principal = await domain.accounts.operatorIn({ name });
  ({ id } = await domain.sensors.create(principal, { name: 'FT-102' }));
});

const DAY = { start: new Date('2024-02-05'), end: new Date('2024-02-06') };
const HEADER = 'sensor_name,datetime,flowrate,totalizer';
const row = (hour: number, flowrate: number, totalizer: number | string) =>
  `FT-102,2024-02-05T${String(hour).padStart(2, '0')}:00:00Z,${flowrate},${totalizer}`;
const file = (...rows: string[]) => [HEADER, ...rows, ''].join('\n');

async function* one(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

function load(text: string, options: Partial<ImportOptions> = {}) {
  const { format: settings = {}, unit, ...others } = options;
  return domain.imports.load(principal, one(text), {
    ...{ createSensors: false, dryRun: false, comment: 'test', onConflict: 'REJECT' },
    settings: { ...settings, dateFormat: undefined, unit },
    ...others,
  });
}

async function errorsOf(...args: Parameters<typeof load>): Promise<string[]> {
  const error: unknown = await load(...args).catch((refused: unknown) => refused);
  if (!(error instanceof ImportErrors)) throw new Error('The file was loaded.');
  return error.errors.map(({ line, column, message }) => `${line} ${column}: ${message}`);
}

/** Hour, flowrate and totalizer of each reading, as they are exported. */
async function exported(unit?: 'm3/h'): Promise<string> {
  const parts: string[] = [];
  await domain.exports.run(principal, { unit }, (text) => {
    parts.push(text);
    return Promise.resolve();
  });
  return parts.join('');
}

const rowsOf = (text: string) => text.trim().split('\n').slice(1);
const totalizers = async () => rowsOf(await exported()).map((line) => line.split(',').at(-1));

async function revisions() {
  const all = await domain.revisions.windows(principal, [id], DAY, { take: 50, from: 'first' });
  return all
    .get(id)!
    .items.map(({ updateType, oldTotalizer, newTotalizer }) => [
      ...[updateType, oldTotalizer, newTotalizer],
    ]);
}

async function meterVolume(asOf?: Date) {
  const volumes = await domain.volumes.ofRange(principal, [id], DAY, 'LINEAR', asOf);
  const [total] = await domain.totalizerVolumes.of(principal, [...volumes.values()]);
  return total?.volume ?? null;
}

test('a column of totalizers is read and exported, and what is exported is read back as the same', async () => {
  const result = await load(file(row(1, 24, 1000), row(2, 24, ''), row(3, 24, 1002.125)));
  expect(result).toMatchObject({ inserted: 3, unreadColumns: [] });
  expect(result.columns.totalizer).toEqual(['totalizer']);
  expect(result.preview.map(({ totalizer }) => totalizer)).toEqual([1000, undefined, 1002.125]);
  expect(await meterVolume()).toBe(2.125);
  const copy = await exported();
  expect(copy).toBe(
    [
      'sensor_id,sensor_name,datetime,flowrate,totalizer',
      `${id},${row(1, 24, 1000)}`,
      `${id},${row(2, 24, '')}`,
      `${id},${row(3, 24, 1002.125)}`,
      '',
    ].join('\n'),
  );
  expect(await load(copy)).toMatchObject({ inserted: 0, duplicates: 3 });
  await domain.pings.delete(principal, id, DAY, { dryRun: false });
  expect(await exported()).toBe('sensor_id,sensor_name,datetime,flowrate\n');
  expect(await load(copy)).toMatchObject({ inserted: 3 });
  expect(await exported()).toBe(copy);
  expect((await exported('m3/h')).split('\n')[0]).toBe(
    'sensor_id,sensor_name,datetime,flowrate_m3_h,totalizer_bbl',
  );
});

test('totalizers are read as other numbers of the file are: decimal commas, thousands, null values and the unit behind them', async () => {
  const german = [
    'Tag;Zeit;Wert;Zähler',
    'FT-102;2024-02-05T01:00:00Z;24,5;104.233,5',
    'FT-102;2024-02-05T02:00:00Z;24,5;-9999',
    'FT-102;2024-02-05T03:00:00Z;24,5;104.240 bbl',
  ].join('\n');
  const columns = { sensorName: 'Tag', datetime: 'Zeit', flowrate: 'Wert', totalizer: 'Zähler' };
  const format = { columns, nullValues: ['-9999'] };
  expect(await load(german, { format })).toMatchObject({ inserted: 3 });
  expect(await totalizers()).toEqual(['104233.5', '', '104240']);
  const settings = { columns, decimal: ',' as const };
  expect(await errorsOf(german, { format: settings })).toEqual([
    '3 Zähler: Must be from 0 to 1e15; got -9999.',
  ]);
  expect(await errorsOf(file(row(5, 1, '7 m3'), row(6, 1, 'x'), row(7, 1, 2e15)))).toEqual([
    '2 totalizer: Has the unit m3, but the totalizers are read in bbl: "7 m3".',
    '3 totalizer: Must be a number, not "x".',
    '4 totalizer: Must be from 0 to 1e15; got 2000000000000000.',
  ]);
});

test('a column that is called totalizer is read by itself only if the flowrates are in barrels and it holds numbers', async () => {
  expect(await load(file(row(1, 1, 5)), { unit: 'm3/h' })).toMatchObject({
    ...{ inserted: 1, unreadColumns: ['totalizer'] },
  });
  expect(await load(file(row(2, 1, 'ok')))).toMatchObject({ unreadColumns: ['totalizer'] });
  const format = { columns: { totalizer: 'totalizer' } };
  expect(await load(file(row(3, 1, 5)), { unit: 'm3/h', format })).toMatchObject({ inserted: 1 });
  expect(await totalizers()).toEqual(['', '', '5']);
});

test('another totalizer of a stored reading is a conflict, and an overwrite corrects and logs it alone', async () => {
  await load(`sensor_name,datetime,flowrate,totalizer,quality\n${row(1, 24, 10)},UNCERTAIN\n`);
  await load(file(row(2, 24, ''), row(3, 24, 30)));
  const other = file(row(1, 24, 11), row(2, 24, 20), row(3, 24, ''));
  const at = (hour: number) => `"FT-102" at 2024-02-05T0${hour}:00:00Z`;
  expect(await errorsOf(other)).toEqual([
    `2 totalizer: The ping of ${at(1)} is already stored with the totalizer 10 bbl.`,
    `3 totalizer: The ping of ${at(2)} is already stored without a totalizer.`,
  ]);
  expect(await load(other, { onConflict: 'OVERWRITE' })).toMatchObject({
    ...{ inserted: 0, corrected: 2, duplicates: 1 },
  });
  expect(await totalizers()).toEqual(['11', '20', '30']);
  // The quality is the stored one.
  expect(rowsOf(await exported())[0]).toMatch(/,24,UNCERTAIN,11$/);
  expect(await revisions()).toEqual([
    ['REPLACE', null, 20],
    ['REPLACE', 10, 11],
  ]);
  await load(file(row(3, 48, '')), { onConflict: 'OVERWRITE' });
  expect(await totalizers()).toEqual(['11', '20', '30']);
  expect((await revisions())[0]).toEqual(['REPLACE', null, null]);
  expect(await domain.rollups.check(id)).toEqual([]);
});

test('two totalizers for one instant of a file are a conflict that names both lines; with overwrite the last counts', async () => {
  const twice = file(row(1, 24, 10), row(1, 24, 11), row(2, 24, 12), row(2, 24, ''));
  expect(await errorsOf(twice)).toEqual([
    '3 totalizer: Line 2 has another totalizer of "FT-102" at 2024-02-05T01:00:00Z: 10, not 11 bbl.',
  ]);
  await load(twice, { onConflict: 'OVERWRITE' });
  expect((await totalizers())[0]).toBe('11');
});

test('a late reading of a file is logged with its totalizer, and undoing imports puts the totalizers back that were there', async () => {
  await load(file(row(1, 24, 10), row(20, 24, 30)));
  const before = await exported();
  const late = await load(file(row(5, 24, 12)));
  expect(await revisions()).toEqual([['INSERT', null, 12]]);
  const corrected = await load(file(row(1, 24, 11), row(6, 24, 14), row(20, 24, 31)), {
    onConflict: 'OVERWRITE',
  });
  expect(await totalizers()).toEqual(['11', '12', '14', '31']);
  await domain.importLog.undo(principal, corrected.id!, { comment: 'wrong' });
  expect(await totalizers()).toEqual(['10', '12', '30']);
  await domain.importLog.undo(principal, late.id!, { comment: 'wrong' });
  expect(await exported()).toBe(before);
  await load(file(row(1, 24, 10), row(20, 24, 30), row(21, 24, '')));
  const counted = await load(file(row(21, 24, 40)), { onConflict: 'OVERWRITE' });
  await domain.importLog.undo(principal, counted.id!, { comment: 'wrong' });
  expect(await totalizers()).toEqual(['10', '30', '']);
  expect((await revisions())[0]).toEqual(['REPLACE', 40, null]);
  const left = await db.database.prisma.pingTotalizer.count({ where: { sensorId: id } });
  expect(left).toBe(2);
});

test('readings that an import adds to a closed period are in the history, as those of other ways in are', async () => {
  const { group } = await domain.groups
    .create(principal, { name: 'north' })
    .then((created) => ({ group: created.id }));
  await domain.groups.setMembers(principal, group, [{ sensorId: id, direction: 'IN' }]);
  const close = (end: Date) =>
    domain.periods.close(principal, group, {
      ...{ end, force: true, reason: 'the meter sent nothing' },
      start: DAY.start,
    });
  await close(DAY.end);
  // Of a sensor without a reading, and then within the greatest gap of the newest one.
  await load(file(row(20, 24, 1)));
  await load(file(row(21, 24, 2)));
  await load('sensor_name,datetime,flowrate\nFT-102,2024-02-06T00:30:00Z,24\n');
  await load('sensor_name,datetime,flowrate\nFT-102,2024-02-05T23:59:00Z,24\n');
  expect(await revisions()).toEqual([
    ['INSERT', null, null],
    ['INSERT', null, 2],
    ['INSERT', null, 1],
  ]);
});
