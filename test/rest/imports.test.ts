import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { OPENAPI } from '../../src/rest/openapi/document.js';
import { call, createServerWorld, token, type Reply, type World } from '../helpers/server.js';
import { storedPings } from '../helpers/stored-pings.js';

const MAX_BYTES = 1 << 20;
const CSV = 'sensor_name,datetime,flowrate';
const NEW = { create_sensors: 'true' };

let world: World;
let sensors = 0;
let name: string;

beforeAll(async () => {
  world = await createServerWorld({ maxImportBytes: MAX_BYTES });
});
afterAll(() => world.close());
beforeEach(() => {
  name = `Well ${++sensors}`;
});

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(OPENAPI, 'api');

function send(
  file: string | Buffer,
  parameters: Record<string, string> | string[][] = {},
  { key = world.ours.admin, headers = {} }: { key?: string; headers?: object } = {},
): Promise<Reply> {
  const query = new URLSearchParams(parameters).toString();
  return call(world.server.url, `/api/v1/imports/?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv', ...token(key), ...headers },
    body: file,
  });
}

const rows = (...values: readonly (readonly [string, number | string])[]) =>
  [CSV, ...values.map(([time, flowrate]) => `${name},${time},${flowrate}`)].join('\n');
const HOUR = ['2024-03-01T06:00:00Z', '2024-03-01T07:00:00Z', '2024-03-01T08:00:00Z'] as const;
const stored = async (tenant: 'ours' | 'theirs' = 'ours') =>
  (await storedPings(world.test, tenant)).filter((line) => line.startsWith(`${name},`));

function expectValid(schema: string, value: unknown): void {
  const validate = ajv.getSchema(`api#/components/schemas/${schema}`)!;
  void validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

test('a dry run shows how a file was understood and what would change, and a load does just that', async () => {
  const file = rows([HOUR[0], '1234,5'], [HOUR[1], '1240']).replaceAll(/,(?=[^5])/g, ';');
  const preview = await send(file, { ...NEW, dry_run: 'true', file_name: 'march.csv' });
  expect(preview.status).toBe(200);
  expectValid('ImportResult', preview.body);
  const expected = {
    readings: 2,
    inserted: 2,
    duplicates: 0,
    corrected: 0,
    sensors_created: 1,
    rows: 2,
    recognised: ['separated by semicolons', 'with decimal commas'],
    header: ['sensor_name', 'datetime', 'flowrate'],
    columns: { sensor_name: ['sensor_name'], datetime: ['datetime'], flowrate: ['flowrate'] },
    preview: [
      { line: 2, sensor_name: name, datetime: HOUR[0], flowrate: 1234.5, quality: null },
      { line: 3, sensor_name: name, datetime: HOUR[1], flowrate: 1240, quality: null },
    ],
  };
  const ofSensor = {
    ...{ sensor_name: name, created: true, readings: 2, inserted: 2, corrected: 0, conflicts: 0 },
    ...{ start: HOUR[0], end: HOUR[1] },
  };
  expect(preview.body).toMatchObject({
    ...expected,
    dry_run: true,
    sensors: [{ ...ofSensor, sensor_id: null }],
  });
  expect(await stored()).toEqual([]);

  const loaded = await send(file, { ...NEW, file_name: 'march.csv' });
  expect(loaded.status).toBe(201);
  expectValid('ImportResult', loaded.body);
  expect(loaded.body).toMatchObject({
    ...expected,
    dry_run: false,
    sensors: [{ ...ofSensor, sensor_id: expect.any(Number) }],
  });
  expect(await stored()).toEqual([`${name},${HOUR[0]},1234.5`, `${name},${HOUR[1]},1240`]);
  expect((await send(file)).body).toMatchObject({ inserted: 0, duplicates: 2 });
});

test('a file with conflicts is refused with their lines, and says how many readings are new, stored and different', async () => {
  await send(rows([HOUR[0], 1], [HOUR[1], 2]), NEW);
  const file = rows([HOUR[0], 1], [HOUR[1], 3], [HOUR[2], 4]);
  const refused = await send(file, { dry_run: 'true' });
  expect(refused.status).toBe(400);
  expectValid('ImportErrors', refused.body);
  expect(refused.body).toMatchObject({
    count: 1,
    errors: [
      {
        line: 3,
        column: 'flowrate',
        message: `Another ping of "${name}" at ${HOUR[1]} is already stored, of 2 bbl/d.`,
        remedies: [{ parameter: 'on_conflict', value: null }],
      },
    ],
    changes: { readings: 3, inserted: 1, sensors: [{ readings: 3, inserted: 1, conflicts: 1 }] },
  });
  const changed = await send(file, { on_conflict: 'overwrite' });
  expect(changed.body).toMatchObject({
    inserted: 1,
    duplicates: 1,
    corrected: 1,
    sensors: [{ readings: 3, inserted: 1, corrected: 1, conflicts: 0 }],
  });
  expect(await stored()).toEqual([1, 3, 4].map((rate, at) => `${name},${HOUR[at]},${rate}`));
});

test('a file with an error loads nothing, and each error names line, column and the parameter that helps', async () => {
  const reply = await send(rows([HOUR[0], 1], [HOUR[1], '']), NEW);
  expect(reply).toMatchObject({
    status: 400,
    body: {
      detail: '1 error; nothing was loaded.',
      errors: [{ line: 3, column: 'flowrate', remedies: [{ parameter: 'skip_empty' }] }],
      file: { rows: 2, header: ['sensor_name', 'datetime', 'flowrate'] },
    },
  });
  expectValid('ImportErrors', reply.body);
  expect(await stored()).toEqual([]);
});

test('a header that is not understood is returned, with the columns that it probably means', async () => {
  const reply = await send('Tag,Timestamp,Value\nA,2024-03-01T06:00:00Z,1\n');
  expectValid('ImportErrors', reply.body);
  expect(reply.body).toMatchObject({
    errors: [
      {
        line: 1,
        remedies: [
          { parameter: 'columns', value: 'sensor_name=Tag,datetime=Timestamp,flowrate=Value' },
        ],
      },
    ],
    file: { header: ['Tag', 'Timestamp', 'Value'], columns: {} },
  });
});

test('parameters say how the file is written, and those of a profile count where they say nothing else', async () => {
  const { importProfiles } = world.server.services;
  await importProfiles.save(world.ours.principal, 'Plant 2', {
    columns: { sensorName: 'Tag', datetime: 'Date+Time', flowrate: 'Value' },
    timeZone: 'Europe/Berlin',
    unit: 'bbl/h',
  });
  const file = [
    'Tag|Date|Time|Value|Status|Plant',
    `${name}|01.03.2024|07:00|1|Good|A`,
    `${name}|01.03.2024|08:00|-999|Good|A`,
    `${name}|01.03.2024|09:00|3|Bad|A`,
    `${name}|01.03.2024|10:00|4|Good|B`,
  ].join('\n');
  const reply = await send(file, [
    ...Object.entries({
      ...NEW,
      profile: 'Plant 2',
      unit: 'bbl/d',
      date_format: 'DD.MM.YYYY HH:mm',
    }),
    ['where', 'Status=Good'],
    ['where', 'Plant=A'],
    ['null_value', '-999,Bad'],
  ]);
  expect(reply.body).toMatchObject({
    inserted: 1,
    left_out: { where: 2, null_value: 1, skip_empty: 0 },
    unread_columns: [],
  });
  expect(await stored()).toEqual([`${name},${HOUR[0]},1`]);
});

test('wrong and unknown parameters are all named before the file is read', async () => {
  const wrong = { dry_run: 'yes', timezone: 'UTC', where: 'Good', columns: 'x', skip_lines: '1e3' };
  expect((await send('', wrong)).body).toEqual({
    dry_run: ['"yes" is not a valid choice. Choose false or true.'],
    timezone: [expect.stringMatching(/^Unknown parameter\. There are columns, wide, unit,/)],
    where: ['Must be a column and its value, e.g. quality=Good.'],
    columns: [expect.stringMatching(/^Must be a list such as sensor_name=Tag,flowrate=Value, of/)],
  });
  const settings = { time_zone: 'CST', unit: 'bbl', skip_lines: 'x', date_format: 'Q' };
  const reply = await send('', settings);
  expect([reply.status, Object.keys(reply.body as object).sort()]).toEqual([
    400,
    Object.keys(settings).sort(),
  ]);
  expect((await send('', { profile: 'None' })).body).toEqual({
    profile: ['There is no import profile named "None".'],
  });
  expect((await send(rows([HOUR[0], 1]), { reason_code: 'NONE' })).body).toHaveProperty(
    'reason_code',
  );
});

test('a token that may only read imports nothing, and one that may ingest creates no sensors and corrects nothing', async () => {
  const file = rows([HOUR[0], 1]);
  const { reader, ingester } = world.ours;
  expect(await send(file, {}, { key: reader })).toMatchObject({ status: 403 });
  for (const parameters of [NEW, { on_conflict: 'overwrite' }, { ...NEW, dry_run: 'true' }]) {
    expect(await send(file, parameters, { key: ingester })).toMatchObject({ status: 403 });
  }
  await send(file, NEW);
  const more = rows([HOUR[1], 2]);
  expect(await send(more, {}, { key: ingester })).toMatchObject({ status: 201 });
});

test('an account imports into its own sensors only', async () => {
  await send(rows([HOUR[0], 1]), NEW);
  const reply = await send(rows([HOUR[1], 2]), {}, { key: world.theirs.admin });
  expect(reply.body).toMatchObject({
    errors: [{ message: `The account has no sensor named "${name}".` }],
  });
  const [sensor] = await world.test.database.prisma.flowSensor.findMany({ where: { name } });
  const byId = `sensor_id,datetime,flowrate\n${sensor!.id},${HOUR[1]},2\n`;
  expect((await send(byId, {}, { key: world.theirs.admin })).body).toMatchObject({
    errors: [{ message: `The account has no sensor ${sensor!.id}.` }],
  });
  expect(await stored()).toEqual([`${name},${HOUR[0]},1`]);
  expect(await stored('theirs')).toEqual([]);
});

test('a compressed file is recognised, whether a header says so or not', async () => {
  const file = gzipSync(rows([HOUR[0], 1]));
  const reply = await send(file, NEW, { headers: { 'Content-Encoding': 'gzip' } });
  expect(reply.body).toMatchObject({ inserted: 1, recognised: ['compressed by gzip'] });
  expect((await send(file)).body).toMatchObject({ duplicates: 1 });
});

test('a file that is larger than the maximum is refused, and one that unpacks to far more', async () => {
  const long = Buffer.alloc(MAX_BYTES + 1, 'x');
  const detail = `A file to import has at most ${MAX_BYTES} bytes.`;
  expect(await send(long)).toMatchObject({ status: 413, body: { detail } });
  const chunked = await send(long, {}, { headers: { 'Transfer-Encoding': 'chunked' } });
  expect(chunked).toMatchObject({ status: 413, body: { detail } });
  const bomb = gzipSync(`${CSV}\n${`${name},${HOUR[0]},1\n`.repeat(600_000)}`);
  expect((await send(bomb, NEW)).body).toMatchObject({
    errors: [{ message: `Unpacked, the file has more than ${16 * MAX_BYTES} bytes.` }],
  });
});

test.each(['multipart/form-data; boundary=x', 'application/json'])(
  'a body of %s is not a file',
  async (type) => {
    expect(await send('x', {}, { headers: { 'Content-Type': type } })).toMatchObject({
      status: 415,
      body: { detail: `Unsupported media type "${type}" in request.` },
    });
  },
);

test('a long import answers a client that accepts NDJSON with its progress, and then with the response', async () => {
  const times = Array.from({ length: 20_000 }, (_, index) =>
    new Date(Date.UTC(2024, 0, 1) + index * 1000).toISOString(),
  );
  // Each is created in a statement of its own, so that there is time to report.
  const file = [CSV, ...times.map((time, index) => `${name} ${index % 8000},${time},1`)].join('\n');
  const accept = { headers: { Accept: 'application/x-ndjson' } };
  const reply = await send(file, { ...NEW, dry_run: 'true' }, accept);
  const lines = reply.text.trimEnd().split('\n');
  expect(reply.headers['content-type']).toBe('application/x-ndjson');
  expect(lines.length).toBeGreaterThan(1);
  expect(JSON.parse(lines[0]!)).toEqual({ rows: expect.any(Number) });
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ status: 200, body: { inserted: 20_000 } });
});
