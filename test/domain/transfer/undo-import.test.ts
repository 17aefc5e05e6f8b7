import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Domain } from '../../../src/composition/domain.js';
import type { LoadOptions } from '../../../src/domain/transfer/import/imports.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { storedPings } from '../../helpers/stored-pings.js';

let db: TestDatabase;
let domain: Domain;
let name: string;
let operator: Principal;
let accounts = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  domain = createTestDomain(db.database);
});
afterAll(() => db.drop());
beforeEach(async () => {
  name = `account ${++accounts}`;
  await domain.accounts.create(name);
  operator = await domain.accounts.operatorIn({ name });
});

const at = (hour: number, minute = 0) =>
  new Date(Date.UTC(2024, 2, 1, hour, minute)).toISOString().replace('.000', '');
const csv = (...rows: readonly (readonly [string, string, number])[]) =>
  ['sensor_name,datetime,flowrate', ...rows.map((row) => row.join(','))].join('\n');
const stored = () => storedPings(db, name);

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

async function load(text: string, options: Partial<LoadOptions> = {}): Promise<number> {
  const { id } = await domain.imports.load(operator, bytesOf(text), {
    ...{ settings: {}, createSensors: true, dryRun: false, onConflict: 'REJECT', comment: 'test' },
    ...options,
  });
  return id!;
}

const undo = (id: number, by = operator) =>
  domain.importLog.undo(by, id, { comment: 'wrong file' });

const sensorsOf = () =>
  db.database.prisma.flowSensor.findMany({ where: { account: { name } }, orderBy: { id: 'asc' } });

/** Of each sensor, in barrels. */
async function volumes(asOf?: Date): Promise<number[]> {
  const range = { start: new Date(at(0)), end: new Date(at(23)) };
  const found = (await sensorsOf()).map(async ({ id }) => {
    const { volume } = await domain.volumes.ofSensor(operator, id, range, undefined, asOf);
    return volume;
  });
  return Promise.all(found);
}

/** What the summaries have that the pings do not. */
async function mismatches(): Promise<unknown[]> {
  const found = (await sensorsOf()).map(({ id }) => domain.rollups.check(id));
  return (await Promise.all(found)).flat();
}

const record = async (sensor: string, datetime: string, flowrate: number) => {
  const { id } = (await sensorsOf()).find((each) => each.name === sensor)!;
  const ping = { sensorId: id, datetime: new Date(datetime), flowrate };
  await domain.pings.record(operator, [ping], { onConflict: 'OVERWRITE' });
};

test('an import is logged with its file, its options and what it has of each sensor', async () => {
  const text = csv(['A', at(1), 1], ['B', at(2), 2], ['A', at(3), 3]);
  const id = await load(text, { fileName: 'march.csv', settings: { unit: 'bbl/h' } });
  const [logged] = await domain.importLog.list(operator, 10);
  expect(logged).toMatchObject({
    ...{ id, importedBy: 'operator', fileName: 'march.csv', rows: 3, readings: 3, inserted: 3 },
    sha256: createHash('sha256').update(text).digest('hex'),
    options: { unit: 'bbl/h', onConflict: 'REJECT', createSensors: true, comment: 'test' },
    ...{ duplicates: 0, corrected: 0, sensorsCreated: 2, undoneAt: null, undoneBy: null },
    sensors: [
      { name: 'A', isCreated: true, readings: 2, inserted: 2, start: new Date(at(1)) },
      { name: 'B', isCreated: true, readings: 1, inserted: 1, end: new Date(at(2)) },
    ],
  });
  const again = await load(text, { settings: { unit: 'bbl/h' } });
  await load(text, { settings: { unit: 'bbl/h' }, dryRun: true });
  expect(await domain.importLog.list(operator, 10)).toMatchObject([
    { id: again, fileName: null, inserted: 0, duplicates: 3 },
    { id },
  ]);
  expect(await domain.importLog.list(operator, 10, again)).toMatchObject([{ id }]);
});

test('undoing an import removes what it inserted, in the order of its file and between what was stored, and nothing else', async () => {
  await load(csv(['A', at(1), 100], ['A', at(3), 300], ['B', at(1), 5], ['B', at(9), 5]));
  const [before, volumesBefore] = [await stored(), await volumes()];
  // Partly stored already, between and beyond, and of a sensor of its own.
  const id = await load(
    csv(['A', at(2), 900], ['A', at(3), 300], ['A', at(5), 7], ['C', at(4), 1], ['C', at(6), 1]),
  );
  expect(await volumes()).not.toEqual([...volumesBefore, 0]);
  // Another writer's, since then.
  await record('A', at(4), 400);
  await record('A', at(4), 400);
  const undone = await undo(id);
  expect(undone).toMatchObject({ id, undoneBy: 'operator', undoneComment: 'wrong file' });
  const [a, ...rest] = before;
  expect(await stored()).toEqual([a, before[1], `A,${at(4)},400`, ...rest.slice(1)]);
  expect(await mismatches()).toEqual([]);
  await record('A', at(4), 300);
  const afterwards = await volumes();
  expect(afterwards[1]).toBe(volumesBefore[1]);
  expect(afterwards[2]).toBe(0);
});

test('undoing an import that corrected readings restores each as it was, also its quality', async () => {
  await load(
    [
      'sensor_name,datetime,flowrate,quality',
      `A,${at(1)},1,GOOD`,
      `A,${at(2)},2,BAD`,
      `A,${at(3)},3,UNCERTAIN`,
    ].join('\n'),
  );
  const [before, volumesBefore] = [await stored(), await volumes()];
  const id = await load(
    csv(['A', at(1), 10], ['A', at(2), 20], ['A', at(3), 3], ['A', at(4), 40]),
    {
      onConflict: 'OVERWRITE',
    },
  );
  expect(await stored()).not.toEqual(before);
  await undo(id);
  expect(await stored()).toEqual(before);
  const pings = await db.database.prisma.ping.findMany({
    where: { sensorId: (await sensorsOf())[0]!.id },
    orderBy: { datetime: 'asc' },
  });
  expect(pings.map(({ quality }) => quality)).toEqual([null, 0, 64]);
  expect(await volumes()).toEqual(volumesBefore);
  expect(await mismatches()).toEqual([]);
});

test('what was loaded stays in the history, and figures are served as they were in between', async () => {
  await load(csv(['A', at(1), 100], ['A', at(2), 100]));
  const id = await load(csv(['A', at(2), 900], ['A', at(3), 100]), { onConflict: 'OVERWRITE' });
  const [loaded] = await domain.importLog.list(operator, 1);
  const between = await volumes();
  await undo(id);
  expect(await volumes()).not.toEqual(between);
  expect(await volumes(loaded!.importedAt)).toEqual(between);
  const revisions = await db.database.prisma.pingRevision.findMany({
    where: { sensor: { account: { name } } },
    orderBy: { id: 'asc' },
  });
  expect(
    revisions.map(({ updateType, oldFlowrate, newFlowrate, comment }) =>
      [updateType, oldFlowrate, newFlowrate, comment].join(' '),
    ),
  ).toEqual(['REPLACE 100 900 test', 'REPLACE 900 100 wrong file', 'DELETE 100  wrong file']);
  const events = await db.database.prisma.auditEvent.findMany({
    where: { accountId: operator.accountId, type: 'IMPORT_UNDONE' },
  });
  expect(events).toMatchObject([{ details: { import: id, restored: 1, removed: 1 } }]);
});

describe('an import is not undone', () => {
  test('where a reading that it inserted was corrected or deleted since, each of which is named', async () => {
    const id = await load(csv(['A', at(1), 1], ['A', at(2), 2], ['A', at(3), 3]));
    await record('A', at(2), 20);
    const sensor = (await sensorsOf())[0]!.id;
    const third = { start: new Date(at(3)), end: new Date(at(4)) };
    await domain.pings.delete(operator, sensor, third, { dryRun: false });
    const before = await stored();
    await expect(undo(id)).rejects.toThrow(
      `2 readings of it were changed since: "A" at ${at(2)} (corrected by operator), "A" at ${at(3)} (deleted by operator). Nothing was undone.`,
    );
    expect(await stored()).toEqual(before);
    // Even if the value is the same again: someone decided so.
    await record('A', at(2), 2);
    await expect(undo(id)).rejects.toThrow('2 readings of it were changed since');
  });

  test('where a reading that it corrected was corrected since, also by another import', async () => {
    await load(csv(['A', at(1), 1], ['A', at(2), 2]));
    const second = await load(csv(['A', at(1), 10]), { onConflict: 'OVERWRITE' });
    const third = await load(csv(['A', at(1), 100]), { onConflict: 'OVERWRITE' });
    await expect(undo(second)).rejects.toThrow(
      `One reading of it was changed since: "A" at ${at(1)} (corrected by operator). Nothing was undone.`,
    );
    await undo(third);
    expect(await stored()).toEqual([`A,${at(1)},10`, `A,${at(2)},2`]);
  });

  test('twice', async () => {
    const id = await load(csv(['A', at(1), 1]));
    await undo(id);
    await expect(undo(id)).rejects.toThrow(`The import ${id} was undone before.`);
    expect(await load(csv(['A', at(1), 1]))).toBeGreaterThan(id);
    expect(await stored()).toEqual([`A,${at(1)},1`]);
  });

  test('of another account, or without the scope ADMIN', async () => {
    const id = await load(csv(['A', at(1), 1]));
    await domain.accounts.create(`${name} other`);
    const other = await domain.accounts.operatorIn({ name: `${name} other` });
    await expect(undo(id, other)).rejects.toThrow(`There is no import ${id}.`);
    expect(await domain.importLog.list(other, 10)).toEqual([]);
    const ingester = { ...operator, scopes: new Set(['INGEST', 'READ'] as const) };
    await expect(undo(id, ingester)).rejects.toThrow('You do not have permission');
    expect(await stored()).toEqual([`A,${at(1)},1`]);
  });
});

test('open flags of the readings that undoing removes are rejected, those of others stay open', async () => {
  await load(csv(['A', at(1), 100]));
  const [sensor] = await sensorsOf();
  await domain.sensors.setChecks(operator, sensor!.id, { reasonability: { high: 1000 } });
  await load(csv(['A', at(2), 2000]));
  const id = await load(csv(['A', at(3), 3000], ['A', at(4), 200]));
  const flags = async () => {
    const window = { take: 10, from: 'first' } as const;
    const found = await domain.readingFlags.window(operator, {}, window);
    return found.flags.map(({ flowrate, status, comment }) => [flowrate, status, comment]);
  };
  expect(await flags()).toEqual([
    [3000, 'OPEN', null],
    [2000, 'OPEN', null],
  ]);
  await undo(id);
  expect(await flags()).toEqual([
    [3000, 'REJECTED', 'wrong file'],
    [2000, 'OPEN', null],
  ]);
});

test('of imports that run at once into one sensor, each is undone alone', async () => {
  await load(csv(['A', at(0), 0]));
  const files = [0, 1, 2, 3].map((hour) =>
    csv(...Array.from({ length: 50 }, (_, minute) => ['A', at(1 + hour, minute), hour] as const)),
  );
  const ids = await Promise.all(files.map((file) => load(file, { createSensors: false })));
  await undo(ids[1]!);
  const hours = new Set((await stored()).map((line) => line.split(',')[2]));
  expect([...hours].sort()).toEqual(['0', '2', '3']);
  expect(await stored()).toHaveLength(151);
  expect(await mismatches()).toEqual([]);
});

test('webhooks are told of removed readings by ranges that no other reading is in, and of restored ones', async () => {
  await load(csv(['A', at(1), 1], ['A', at(4), 4]));
  await domain.webhooks.create(operator, {
    url: 'https://example.com/hook',
    eventTypes: ['pings_deleted', 'ping_corrected'],
  });
  const id = await load(csv(['A', at(1), 10], ['A', at(2), 2], ['A', at(3), 3], ['A', at(5), 5]), {
    onConflict: 'OVERWRITE',
  });
  await db.database.prisma.webhookDelivery.deleteMany();
  await undo(id);
  const queued = await db.database.prisma.webhookDelivery.findMany({ orderBy: { id: 'asc' } });
  expect(
    queued.map(({ eventType, rangeStart, rangeEnd, pingCount, flowrate }) => [
      ...[eventType, rangeStart?.toISOString(), rangeEnd?.toISOString(), pingCount, flowrate],
    ]),
  ).toEqual([
    ['pings_deleted', '2024-03-01T02:00:00.000Z', '2024-03-01T03:00:00.001Z', 2, null],
    ['pings_deleted', '2024-03-01T05:00:00.000Z', '2024-03-01T05:00:00.001Z', 1, null],
    ['ping_corrected', undefined, undefined, null, 1],
  ]);
});
