import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chainProblems, verifyStatement } from '../../../src/domain/statements/verify.js';
import type { StatementFile } from '../../../src/domain/statements/document.js';
import type { Domain } from '../../../src/composition/domain.js';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { createTestDomain } from '../../helpers/domain.js';
import { problemsWith, tampered } from '../../helpers/tampered-statements.js';

const MINUTE = 60_000;
const START = Date.parse('2026-03-07T00:00:00Z');
const at = (minutes: number) => new Date(START + minutes * MINUTE);
const PERIOD = { start: at(0), end: at(2 * 24 * 60) };

let database: TestDatabase;
let domain: Domain;
let ours: Principal;
let theirs: Principal;
let sensorIds: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  domain = createTestDomain(database.database);
  await domain.accounts.create('ours');
  await domain.accounts.create('theirs');
  ours = await domain.accounts.operatorIn({ name: 'ours' });
  theirs = await domain.accounts.operatorIn({ name: 'theirs' });
  const create = async (name: string) => (await domain.sensors.create(ours, { name })).id;
  sensorIds = [await create('=north "1"'), await create('south')];
  const bad = [-20, 1001, 2891].map((minute) => {
    return {
      sensorId: sensorIds[0]!,
      datetime: at(minute),
      flowrate: 1e6,
      quality: 'BAD' as const,
    };
  });
  await domain.pings.record(ours, bad, { onConflict: 'REJECT' });
  await record(sensorIds[0]!, 25, (index) => 1000 + 300 * Math.sin(index / 7));
  await record(sensorIds[1]!, 30, (index) => (index % 90 < 20 ? -0.1 : 1 / 3) * index);
});
afterAll(async () => {
  await domain.realtime.close();
  await database.drop();
});

/** From an hour before the period to an hour after it, with an outage on the second day. */
async function record(sensorId: number, every: number, flowrate: (index: number) => number) {
  const pings = [];
  for (let minute = -60, index = 0; minute <= 49 * 60; minute += every, index++) {
    if (minute > 1800 && minute < 1990) continue;
    pings.push({ sensorId, datetime: at(minute), flowrate: flowrate(index) });
  }
  await domain.pings.record(ours, pings, { onConflict: 'REJECT' });
}

async function fileOf(number: number): Promise<StatementFile> {
  return JSON.parse(await textOf(number)) as StatementFile;
}

async function textOf(number: number, format: 'json' | 'csv' = 'json', reader = ours) {
  const texts: string[] = [];
  await domain.statements.write(reader, number, format, (text) => {
    texts.push(String(text));
    return Promise.resolve();
  });
  return texts.join('');
}

const problemsOf = async (number: number) => verifyStatement(await textOf(number)).problems;

test('a statement has the figures that are served, and can be checked without the server', async () => {
  const { header } = await domain.statements.issue(ours, { ...PERIOD, sensorIds });
  const file = await fileOf(header.number);
  expect(verifyStatement(JSON.stringify(file, null, 2)).problems).toEqual([]);
  const served = await domain.volumes.ofSensor(ours, sensorIds[0]!, PERIOD);
  expect(file.statement.sensors[0]!.volume).toBe(served.volume);
  expect(file.statement).toMatchObject({ version: 1, supersedes: null, unit: 'bbl' });
  expect(file.statement.note).toContain('neither gross nor net standard volumes');
  const [bad] = file.sensors[0]!.content.readings.filter(({ quality }) => quality === 'BAD');
  expect(bad).toEqual({ datetime: '2026-03-07T16:41:00Z', flowrate: 1e6, quality: 'BAD' });
  const { content } = file.sensors[1]!;
  expect(content.days.map(({ end }) => end)).toEqual([
    ...['2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'],
  ]);
  expect(content.hours).toHaveLength(48);
  expect(content.period.durationInterpolated).toBeGreaterThan(3 * 3600);
  expect(content.configuration).toMatchObject({ name: 'south', maxGap: 3600, method: 'LINEAR' });
  const rows = (await textOf(header.number, 'csv')).trim().split('\n');
  expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([23]));
  expect(rows.find((row) => row.includes('PERIOD'))).toContain(`"'=north ""1""",PERIOD,`);
});

test('a changed statement is refused with the name of the field, whichever field was changed', async () => {
  const period = { start: at(0), end: at(4 * 60) };
  const { header } = await domain.statements.issue(ours, { ...period, sensorIds });
  const file = await fileOf(header.number);
  const all = places(file);
  expect(all).toEqual(
    expect.arrayContaining([
      ...['format', 'statement.volume', 'statement.calendar.dayStart', 'hash', 'signature.value'],
      ...['sensors[1].content.hours[3].volume', 'sensors[1].checksums.name', 'signature.publicKey'],
    ]),
  );
  const named = all.map((place) => {
    const found = verifyStatement(tampered(file, place)).problems.map((each) => each.place);
    // One checksum may be of several fields.
    const isNamed = found.some((each) => each === place || each.startsWith(`${place}.`));
    return isNamed ? place : `${place}: ${found.join()}`;
  });
  expect(named).toEqual(all);
});

test('a reading that was left out, added or moved is refused, also if all hashes are computed again', async () => {
  const { header } = await domain.statements.issue(ours, { ...PERIOD, sensorIds });
  const file = await fileOf(header.number);
  const resigned = (change: (readings: { datetime: string; flowrate: number }[]) => void) =>
    problemsWith(file, ({ readings }) => change(readings));
  expect(resigned(() => undefined)).toEqual([]);
  expect(resigned((readings) => readings.splice(9, 1))).toEqual(
    expect.arrayContaining(['signature.value', 'sensors[0].content.period.readings']),
  );
  expect(resigned((readings) => readings.reverse())).toContain(
    'sensors[0].content.readings[1].datetime',
  );
  expect(resigned((readings) => (readings[9]!.flowrate += 0.1))).toEqual(
    expect.arrayContaining(['statement.sensors[0].volume', 'sensors[0].content.hours[3].volume']),
  );
});

test('late, corrected and deleted readings are stated as they were stored when it was issued, with their reasons', async () => {
  const [sensorId] = sensorIds as [number];
  const before = await domain.statements.issue(ours, { ...PERIOD, sensorIds: [sensorId] });
  const text = await textOf(before.header.number);
  const why = { reasonCode: 'CALIBRATION', comment: 'drift' };
  const pings = [{ sensorId, datetime: at(15), flowrate: 4 }];
  await domain.pings.record(ours, pings, { onConflict: 'OVERWRITE', ...why });
  await domain.pings.delete(
    ours,
    sensorId,
    { start: at(40), end: at(41) },
    { dryRun: false, ...why },
  );
  const input = { ...PERIOD, sensorIds: [sensorId], reason: 'calibration' };
  const supersedes = before.header.number;
  const after = await domain.statements.issue(ours, { ...input, supersedes });
  expect(after.header).toMatchObject({ version: 2, supersedes, previousHash: before.hash });
  expect(after.header.volume).not.toBe(before.header.volume);
  expect(await problemsOf(after.header.number)).toEqual([]);
  const { revisions } = (await fileOf(after.header.number)).sensors[0]!.content;
  expect(revisions.filter(({ reasonCode }) => reasonCode === 'CALIBRATION')).toMatchObject([
    { datetime: '2026-03-07T00:15:00Z', updateType: 'REPLACE', newFlowrate: 4, ...why },
    { datetime: '2026-03-07T00:40:00Z', updateType: 'DELETE', newFlowrate: null, ...why },
  ]);
  expect(await textOf(before.header.number)).toBe(text);
  await expect(domain.statements.issue(ours, { ...input, supersedes })).rejects.toThrow(
    `superseded by statement ${after.header.number}`,
  );
  expect((await domain.statements.require(ours, supersedes)).supersededBy).toBe(
    after.header.number,
  );
});

test('what is recorded while a statement is issued is not in it', async () => {
  const sensorId = (await domain.sensors.create(ours, { name: 'busy' })).id;
  await record(sensorId, 30, (index) => index);
  let isIssuing = true;
  const write = async () => {
    for (let minute = 1; isIssuing; minute += 30) {
      const pings = [{ sensorId, datetime: at(minute % 2880), flowrate: minute }];
      await domain.pings.record(ours, pings, { onConflict: 'OVERWRITE' });
    }
  };
  const writing = write();
  const numbers: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { header } = await domain.statements.issue(ours, { ...PERIOD, sensorIds: [sensorId] });
    numbers.push(header.number);
  }
  isIssuing = false;
  await writing;
  for (const number of numbers) expect(await problemsOf(number)).toEqual([]);
});

test('settings that changed within the period count from their instant on, and so does the method of the calendar', async () => {
  const sensorId = (await domain.sensors.create(ours, { name: 'changing' })).id;
  await record(sensorId, 30, (index) => 100 * (index % 5) - 150);
  const change = (input: object, minute: number) =>
    domain.sensors.update(ours, sensorId, input, { effectiveFrom: at(minute) });
  await change({ method: 'STEP' }, 607);
  await change({ method: 'LINEAR' }, 1511);
  await change({ maxGap: 600 }, 2200);
  await domain.calendars.save(ours, {
    name: 'gas',
    timeZone: 'America/Chicago',
    dayStart: '09:00',
    method: 'STEP',
  });
  const [own, step] = [
    await domain.statements.issue(ours, { ...PERIOD, sensorIds: [sensorId] }),
    await domain.statements.issue(ours, { ...PERIOD, sensorIds: [sensorId], calendar: 'gas' }),
  ];
  for (const { header } of [own, step]) expect(await problemsOf(header.number)).toEqual([]);
  const [file] = (await fileOf(own.header.number)).sensors;
  expect(file!.content.methods).toHaveLength(3);
  expect(file!.content.maxGaps).toHaveLength(2);
  expect(file!.content.configurationLog).toHaveLength(3);
  expect(step.header.calendar).toMatchObject({ name: 'gas', method: 'STEP' });
  expect((await fileOf(step.header.number)).sensors[0]!.content.days).toHaveLength(3);
});

test('tags of a sensor, and changes of them, are in no statement', async () => {
  const sensorId = (await domain.sensors.create(ours, { name: 'tagged', tags: ['north'] })).id;
  await record(sensorId, 30, () => 100);
  const content = async () => {
    const { header } = await domain.statements.issue(ours, { ...PERIOD, sensorIds: [sensorId] });
    return (await fileOf(header.number)).sensors[0]!.content;
  };
  const before = await content();
  await domain.sensors.update(ours, sensorId, { tags: ['south'] }, { effectiveFrom: at(60) });
  expect(await content()).toEqual(before);
  expect(before.configuration).not.toHaveProperty('tags');
});

test('a meter factor is stated with its dates, and verified with the volumes', async () => {
  const sensorId = (await domain.sensors.create(ours, { name: 'proved' })).id;
  await record(sensorId, 30, (index) => 100 * (index % 5) - 150);
  const change = (meterFactor: number, minute: number) =>
    domain.sensors.update(ours, sensorId, { meterFactor }, { effectiveFrom: at(minute) });
  const input = { ...PERIOD, sensorIds: [sensorId] };
  const without = await domain.statements.issue(ours, input);
  await change(1.0125, 607);
  await change(0.9985, 1511);
  const { header } = await domain.statements.issue(ours, input);
  expect(header.volume).not.toBe(without.header.volume);
  const file = await fileOf(header.number);
  expect(file.sensors[0]!.content.meterFactors).toEqual([
    { from: null, value: 1 },
    { from: '2026-03-07T10:07:00Z', value: 1.0125 },
    { from: '2026-03-08T01:11:00Z', value: 0.9985 },
  ]);
  expect(await problemsOf(header.number)).toEqual([]);
  const resigned = (meterFactors: unknown) =>
    problemsWith(file, (content) => Object.assign(content, { meterFactors }));
  const refused = expect.arrayContaining(['sensors[0].content.period.volume']);
  expect(resigned([{ from: null, value: 1 }])).toEqual(refused);
  expect(resigned(undefined)).toEqual(refused);
  expect(resigned([])).toEqual(['sensors[0].content.meterFactors']);
  // Files from before there were factors have none.
  const earlier = await fileOf(without.header.number);
  const places = problemsWith(earlier, (content) => delete content.meterFactors);
  expect(places).toEqual(['signature.value']);
});

test('statements are numbered in each account without gaps and follow each other, however many are issued at once or fail', async () => {
  const mine = (await domain.sensors.create(theirs, { name: 'theirs' })).id;
  const input = { ...PERIOD, sensorIds: [mine] };
  const issue = (more: object = {}) => domain.statements.issue(theirs, { ...input, ...more });
  const outcomes = await Promise.allSettled([
    ...[issue(), issue({ supersedes: 99, reason: 'none' }), issue(), issue({ sensorIds })],
    ...[issue(), issue({ end: new Date(Date.now() + 60_000) }), issue()],
  ]);
  const issued = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(issued.map(({ header }) => header.number).sort()).toEqual([1, 2, 3, 4]);
  const files = await Promise.all(
    issued.map(
      async ({ header }) =>
        JSON.parse(await textOf(header.number, 'json', theirs)) as StatementFile,
    ),
  );
  expect(chainProblems(files)).toEqual([]);
  const renumbered = files.map((file) => ({
    ...file,
    hash: file.statement.number === 2 ? 'other' : file.hash,
  }));
  expect(chainProblems(renumbered)).toEqual([
    {
      place: 'statement.previousHash',
      message: 'statement 3 does not follow the given statement 2',
    },
  ]);
  const events = await domain.auditEvents.window(
    theirs,
    { types: ['STATEMENT_ISSUED'] },
    { take: 9, from: 'first' },
  );
  expect(events.events.map(({ subjectId }) => subjectId)).toEqual(['4', '3', '2', '1']);
  await expect(domain.statements.require(theirs, 5)).rejects.toThrow('Not found.');
});

/** Every place of a file; of lists that of the last item. */
function places(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return [place];
  const entries = Array.isArray(value)
    ? value.slice(-1).map((item): [string, unknown] => [`[${value.length - 1}]`, item])
    : Object.entries(value).map(([name, item]): [string, unknown] => [`.${name}`, item]);
  return entries.flatMap(([name, item]) => places(item, (place + name).replace(/^\./, '')));
}

/** The text of a file in which the value at one place is another one of its type. */
