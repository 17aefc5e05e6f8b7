import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { flowgate, runFlowgate, type Environment, type Finished } from './flowgate.js';

let db: TestDatabase;
let environment: Environment;
let folder: string;
let accounts = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flowgate-import-'));
  db = await createTestDatabase();
  environment = { DATABASE_URL: db.url };
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

/** A fresh account's name, and its id. */
async function account(): Promise<{ name: string; id: number }> {
  return db.database.prisma.account.create({ data: { name: `account ${++accounts}` } });
}

function load(name: string, csv: string | Buffer, ...options: string[]): Promise<Finished> {
  return runFlowgate(environment, ['import', '-', '--account', name, ...options], csv);
}

async function exported(name: string, ...options: string[]): Promise<string> {
  const { status, stdout } = await runFlowgate(environment, [
    'export',
    '--account',
    name,
    ...options,
  ]);
  expect(status).toBe(0);
  return stdout;
}

/** Without the ids, which differ from run to run. */
async function rowsOf(name: string): Promise<string[]> {
  const [header, ...rows] = (await exported(name)).trimEnd().split('\n');
  expect(header).toBe('sensor_id,sensor_name,datetime,flowrate');
  return rows.map((row) => row.replace(/^\d+,/, ''));
}

function pings(): Promise<number> {
  return db.database.prisma.ping.count();
}

test('import loads a file with a byte order mark, CRLF, quotes and columns in any order, and names columns not read', async () => {
  const { name, id } = await account();
  const file = path.join(folder, 'pings.csv');
  const csv =
    '\uFEFFflowrate,note,"sensor_name",longitude,latitude,pipe_diameter,DateTime\r\n' +
    '10,"a\nb","Pump ""A"", north",-102.1,31.9,12.75,2020-01-01T00:00:00Z\r\n' +
    '1e3,,Café,,,,2020-01-01 01:00:00+01:00\r\n\r\n' +
    ' -5.25 ,,Café,1,1,1,"2020-01-01T00:00:00.1239Z"';
  await writeFile(file, csv);
  const args = ['import', file, '--account', name, '--create-sensors'];
  expect(await runFlowgate(environment, args)).toEqual({
    status: 0,
    stdout:
      '3 rows: 3 new, 0 duplicates, 0 corrected; 2 sensors created\nColumns not read: note.\n',
    stderr: '',
  });
  expect(await rowsOf(name)).toEqual([
    '"Pump ""A"", north",2020-01-01T00:00:00Z,10',
    'Café,2020-01-01T00:00:00Z,1000',
    'Café,2020-01-01T00:00:00.123Z,-5.25',
  ]);
  const sensors = await db.database.prisma.flowSensor.findMany({
    where: { accountId: id },
    orderBy: { id: 'asc' },
  });
  expect(sensors).toMatchObject([
    { name: 'Pump "A", north', latitude: 31.9, longitude: -102.1, pipeDiameter: 12.75 },
    { name: 'Café', latitude: null, longitude: null, pipeDiameter: null },
  ]);
  expect((await runFlowgate(environment, ['rollup', 'check'])).status).toBe(0);
});

test('import finds sensors by sensor_id where it is filled, and by sensor_name elsewhere', async () => {
  const { name } = await account();
  const [one, two] = await Promise.all(['One', 'Two'].map((sensor) => createSensor(name, sensor)));
  const csv = `sensor_id,sensor_name,datetime,flowrate\n${one},Two,2020-01-01,1\n,Two,2020-01-01,2\n`;
  expect(await load(name, csv)).toMatchObject({ status: 0 });
  const found = await db.database.prisma.ping.findMany({
    where: { sensorId: { in: [one!, two!] } },
    orderBy: { flowrate: 'asc' },
  });
  expect(found).toMatchObject([{ sensorId: one }, { sensorId: two }]);
});

test('every exported flowrate is imported as the same double', async () => {
  const { name } = await account();
  const flowrates = [
    '0.1',
    '0.30000000000000004',
    '1e-30',
    '1e+15',
    '-123456789.12345679',
    '5e-7',
    '999999999999999.9',
    '0',
  ];
  const rows = flowrates.map((flowrate, second) => `S,2020-01-01T00:00:0${second}Z,${flowrate}`);
  await load(name, `sensor_name,datetime,flowrate\n${rows.join('\n')}`, '--create-sensors');
  const text = await exported(name);
  const exportedRows = text.trimEnd().split('\n').slice(1);
  expect(exportedRows.map((row) => Number(row.split(',')[3]))).toEqual(flowrates.map(Number));
  expect(await load(name, text)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ 8 duplicates/),
  });
});

test('export writes one sensor and a range with both ends', async () => {
  const { name } = await account();
  const id = await createSensor(name, 'A');
  await load(
    name,
    'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-02,2\nA,2020-01-03,3\nB,2020-01-02,4\n',
    '--create-sensors',
  );
  const range = ['--start', '2020-01-02', '--end', '2020-01-03T00:00:00Z'];
  expect(await exported(name, '--sensor', String(id), ...range)).toBe(
    `sensor_id,sensor_name,datetime,flowrate\n${id},A,2020-01-02T00:00:00Z,2\n${id},A,2020-01-03T00:00:00Z,3\n`,
  );
  expect((await exported(name, ...range)).split('\n')).toHaveLength(5);
});

test('import converts flowrates from the file’s unit', async () => {
  const { name } = await account();
  const csv = 'sensor_name,datetime,flowrate\nA,2020-01-01,7\n';
  await load(name, csv, '--create-sensors', '--unit', 'gpm');
  expect(await rowsOf(name)).toEqual(['A,2020-01-01T00:00:00Z,240']);
});

test('import reports every error with its line and column, and loads nothing', async () => {
  const { name } = await account();
  await createSensor(name, 'Twin');
  await createSensor(name, 'Twin');
  const id = await createSensor(name, 'A');
  const others = await createSensor((await account()).name, 'Theirs');
  const before = await pings();
  const csv = [
    'sensor_id,sensor_name,datetime,flowrate,note',
    `${id},,2020-01-01T00:00:00Z,1,"two\nlines"`,
    ',Unknown,2020-01-01T00:00:00Z,1,',
    ',Twin,2020-01-01T00:00:00Z,1,',
    `${others},,2020-01-01T00:00:00Z,1,`,
    'x,,2020-01-01T00:00:00Z,1,',
    ',,2020-01-01T00:00:00Z,1,',
    ',A,2020-02-30T00:00:00Z,1,',
    ',A,2099-01-01T00:00:00Z,1,',
    ',A,2020-01-01T00:00:00Z,0x10,',
    ',A,2020-01-01T00:00:00Z,1e16,',
    ',A,2020-01-01T00:00:00Z,1e-400,',
    ',A,2020-01-01T00:00:00Z',
  ].join('\n');
  const { status, stdout, stderr } = await load(name, csv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.split('\n').map((line) => /line (\d+)(?:, (\w+))?:/.exec(line)?.slice(1))).toEqual([
    ['4', 'sensor_name'],
    ['5', 'sensor_name'],
    ['6', 'sensor_id'],
    ['7', 'sensor_id'],
    ['8', 'sensor_name'],
    ['9', 'datetime'],
    ['10', 'datetime'],
    ['11', 'flowrate'],
    ['12', 'flowrate'],
    ['13', 'flowrate'],
    ['14', undefined],
    undefined,
    undefined,
  ]);
  expect(stderr).toMatch(/flowgate: 11 errors. Nothing was loaded.\n$/);
  expect(await pings()).toBe(before);
});

test.each([
  ['', /empty/],
  ['sensor_name,datetime\nA,2020-01-01\n', /no column flowrate/],
  ['sensor_name,sensor_name,datetime,flowrate\n', /several columns/],
  [
    'sensor_name,datetime,flowrate\nA,2020-01-01,"1\n',
    /^flowgate: line 2: A quoted field is not closed\. Nothing/,
  ],
  [Buffer.from('sensor_name,datetime,flowrate\nCaf\xe9,2020-01-01,1\n', 'latin1'), /line 2.*UTF-8/],
])('import refuses what is not a CSV file of pings in one line (%#)', async (csv, message) => {
  const { name } = await account();
  const { status, stderr } = await load(name, csv, '--create-sensors');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^flowgate: [^\n]+\n$/);
  expect(stderr).toMatch(message);
});

test('import lists the first errors and counts all of them', async () => {
  const { name } = await account();
  const csv = `sensor_name,datetime,flowrate\n${'A,never,1\n'.repeat(100)}`;
  const { stderr } = await load(name, csv, '--create-sensors');
  expect(stderr.split('\n').length).toBeLessThan(30);
  expect(stderr).toMatch(/100 errors/);
});

test('import refuses a ping that is stored with another flowrate, or corrects it and keeps the old value', async () => {
  const { name, id: accountId } = await account();
  const original = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-02,2\n';
  await load(name, original, '--create-sensors');
  const change = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-02,5\nA,2020-01-03,3\n';
  const refused = await load(name, change);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/line 3, flowrate: .*2020-01-02T00:00:00Z.* 2 bbl/);
  expect(await rowsOf(name)).toHaveLength(2);

  expect(await load(name, change, '--on-conflict', 'overwrite', '--dry-run')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^3 rows: 1 new, 1 duplicates, 1 corrected.*dry run/),
  });
  expect(await rowsOf(name)).toHaveLength(2);

  expect(await load(name, change, '--on-conflict', 'overwrite')).toMatchObject({ status: 0 });
  expect(await rowsOf(name)).toEqual([
    'A,2020-01-01T00:00:00Z,1',
    'A,2020-01-02T00:00:00Z,5',
    'A,2020-01-03T00:00:00Z,3',
  ]);
  const revisions = await db.database.prisma.pingRevision.findMany({
    where: { sensor: { accountId } },
  });
  expect(revisions).toMatchObject([{ oldFlowrate: 2, newFlowrate: 5, revisedBy: 'operator' }]);
  expect((await runFlowgate(environment, ['rollup', 'check'])).status).toBe(0);
});

test('import --dry-run creates no sensors', async () => {
  const { name, id: accountId } = await account();
  const csv = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\n';
  expect(await load(name, csv, '--create-sensors', '--dry-run')).toMatchObject({ status: 0 });
  expect(await db.database.prisma.flowSensor.count({ where: { accountId } })).toBe(0);
});

test('import queues each new ping once for the account’s webhook endpoints, and no duplicate', async () => {
  const { name, id: accountId } = await account();
  const endpoint = await db.database.prisma.webhookEndpoint.create({
    data: {
      accountId,
      url: 'https://example.com/',
      sensorIds: [],
      eventTypes: ['ping_received'],
      secret: 'whsec_',
    },
  });
  const csv = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-02,2\n';
  await load(name, csv, '--create-sensors');
  await load(name, `${csv}A,2020-01-03,3\n`);
  const deliveries = await db.database.prisma.webhookDelivery.findMany({
    where: { endpointId: endpoint.id },
    orderBy: { id: 'asc' },
  });
  expect(deliveries.map(({ flowrate }) => flowrate)).toEqual([1, 2, 3]);
});

test('two flowrates for one instant in a file conflict, both lines are named, and overwrite is not advised', async () => {
  const { name } = await account();
  const csv =
    'sensor_name,datetime,flowrate\nA,2020-01-01,1\nA,2020-01-01,1\nA,2020-01-01T00:00:00Z,2\n';
  const { status, stderr } = await load(name, csv, '--create-sensors');
  expect(status).toBe(1);
  expect(stderr).toBe(
    'flowgate: line 4, flowrate: Line 2 has another flowrate of "A" at 2020-01-01T00:00:00Z: ' +
      '1 bbl/d, not 2. Nothing was loaded.\n',
  );
});

test('simultaneous imports of one file create each sensor once', async () => {
  const { name, id: accountId } = await account();
  const csv = 'sensor_name,datetime,flowrate\nA,2020-01-01,1\nB,2020-01-01,1\n';
  const args = ['import', '-', '--account', name, '--create-sensors'];
  const results = await Promise.all([1, 2, 3].map(() => flowgate(environment, args, csv)));
  expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(await db.database.prisma.flowSensor.count({ where: { accountId } })).toBe(2);
});

async function createSensor(name: string, sensor: string): Promise<number> {
  const { stdout } = await runFlowgate(environment, [
    'sensor',
    'create',
    sensor,
    '--account',
    name,
  ]);
  return Number(stdout);
}
