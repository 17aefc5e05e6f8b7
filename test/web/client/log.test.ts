import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { AUDIT_EVENT_TYPES } from '../../../src/domain/shared/audit.js';
import { SUBJECTS } from '../../../src/web/client/pages/log/subjects.js';
import { call, token } from '../../helpers/server.js';
import { ADMIN, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

const DAY = Date.UTC(2026, 9, 1);
const at = (hour: number) => new Date(DAY + hour * 3_600_000);

beforeAll(async () => {
  web = await startWeb();
  const { services } = web.server;
  const { principal } = web.ours;
  const sensorId = web.sensors.empty;
  const all = Array.from({ length: 25 }, (_, hour) => ({
    ...{ sensorId, flowrate: 2400, datetime: at(hour) },
  }));
  await services.pings.record(principal, all, { onConflict: 'REJECT' });
  await services.pings.record(principal, [{ sensorId, flowrate: 24_000, datetime: at(12) }], {
    ...{ onConflict: 'OVERWRITE', reasonCode: 'DATA_ENTRY', comment: '=Decimal point' },
  });
  await services.pings.delete(
    principal,
    sensorId,
    { start: at(20), end: at(22) },
    {
      dryRun: false,
      reasonCode: 'MAINTENANCE',
    },
  );
  await services.sensors.update(
    principal,
    web.sensors.flowing,
    { maxGap: 7200 },
    { reason: 'PL_0042_METER_'.repeat(18) },
  );
  await services.pings.record(
    web.theirs.principal,
    [
      {
        sensorId: (await services.sensors.create(web.theirs.principal, { name: 'Foreign' })).id,
        ...{ flowrate: 1, datetime: at(1) },
      },
    ],
    { onConflict: 'REJECT' },
  );
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

async function open(query = '', user = ADMIN): Promise<void> {
  page = await web.open(`/app/log${query}`, { user });
  await page.getByRole('table').waitFor();
}

const rows = () => page.getByRole('row').filter({ has: page.getByRole('rowheader') });
const row = (text: string) => rows().filter({ hasText: text }).first();
const download = async (name: string) => {
  const event = page.waitForEvent('download');
  await page.getByRole('link', { name }).click();
  return (await readFile(await (await event).path(), 'utf8')).trim().split('\n');
};

test('the log says who corrected, deleted and set what, and who signed in, of the own account only', async () => {
  await open();
  expect(await row('Reading corrected').textContent()).toMatch(
    /operator.*Spare meter #\d+.*2,400 bbl\/d → 24,000 bbl\/dData entry: =Decimal point$/,
  );
  expect(await row('Outage after (s) changed').textContent()).toContain('3600 → 7200');
  expect(await row('Signed in').textContent()).toContain(`${ADMIN.username} 127.0.0.1`);
  expect(await rows().filter({ hasText: 'Reading deleted' }).count()).toBe(2);
  expect(await page.getByRole('table').textContent()).not.toContain('Foreign');
});

test('the log is filtered by subject, sensor, person and day, and the address holds the filters', async () => {
  await open();
  await page.getByLabel('About').selectOption('Readings');
  await row('Signed in').waitFor({ state: 'detached' });
  await row('Reading corrected').waitFor();
  await page.getByRole('combobox', { name: 'Sensor', exact: true }).selectOption({ index: 1 });
  await page.getByText('Nothing matches.').waitFor();
  await page.getByRole('combobox', { name: 'Sensor', exact: true }).selectOption('');
  await page.getByLabel('About').selectOption('Everything');
  await page.getByLabel('Username, token or operator').fill(ADMIN.username);
  await page.keyboard.press('Enter');
  await row('Reading corrected').waitFor({ state: 'detached' });
  await row('Signed in').waitFor();
  await page.reload();
  await row('Signed in').waitFor();
  expect(await rows().filter({ hasText: 'Reading' }).count()).toBe(0);
  await page.getByLabel('From').fill('2020-01-01');
  await page.getByLabel('to', { exact: true }).fill('2020-01-02');
  await page.getByText('Nothing matches.').waitFor();
  const { searchParams } = new URL(page.url());
  expect(Object.fromEntries(searchParams)).toMatchObject({
    ...{ person: ADMIN.username, from: '2020-01-01', to: '2020-01-02' },
  });
});

test('an entry of the log leads to the sensor at that time', async () => {
  await open();
  await row('Reading corrected').getByRole('link').click();
  await page.getByText('Volume in the range').waitFor();
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('start')).toBe(at(0).toISOString());
  expect(searchParams.get('end')).toBe(at(24).toISOString());
});

test('the log is read page by page, back and forth', async () => {
  const corrected = Array.from({ length: 60 }, (_, index) => ({
    ...{ sensorId: web.sensors.empty, flowrate: index + 1 },
    datetime: new Date(at(30).getTime() + index * 60_000),
  }));
  const { pings } = web.server.services;
  await pings.record(web.ours.principal, corrected, { onConflict: 'REJECT' });
  const second = corrected.map((ping) => ({ ...ping, flowrate: 0 }));
  await pings.record(web.ours.principal, second, { onConflict: 'OVERWRITE', comment: 'sixty' });
  await open('?about=readings');
  expect(await rows().count()).toBe(50);
  await page.getByRole('button', { name: 'Older' }).click();
  await row('Reading deleted').waitFor();
  await page.getByRole('button', { name: 'Newer' }).click();
  await row('Reading deleted').waitFor({ state: 'detached' });
  expect(await rows().count()).toBe(50);
  await page.getByRole('button', { name: 'Newest' }).click();
  await page.waitForURL((url) => !url.searchParams.has('before'));
});

test('the log is exported as it is filtered, as CSV and as NDJSON, oldest first', async () => {
  await open(`?sensor=${web.sensors.flowing}`);
  const csv = await download('Export (CSV)');
  expect(csv[0]).toMatch(/^at,kind,action,by,address,sensor_id,sensor_name,subject,reading_at,/);
  expect(csv.slice(1).map((line) => line.split(',').slice(1, 4).join())).toEqual([
    'EVENT,SENSOR_CREATED,operator',
    'EVENT,SENSOR_CHANGED,operator',
    'SETTING,MAX_GAP,operator',
  ]);
  const lines = (await download('Export (NDJSON)')).map((line) => JSON.parse(line));
  expect(lines[2]).toMatchObject({
    ...{ kind: 'SETTING', sensorName: 'Midland pump' },
    setting: { parameter: 'MAX_GAP', oldValue: '3600', newValue: '7200' },
  });
  await page.goto(`/app/log?about=readings&sensor=${web.sensors.empty}`);
  await row('sixty').waitFor();
  expect((await download('Export (CSV)')).join('\n')).toContain(
    `${at(12).toISOString().replace('.000', '')},2400,24000,GOOD,GOOD,,,,DATA_ENTRY,'=Decimal point,`,
  );
});

test('a file of the log needs a credential, has no event for a reader, and names a wrong parameter', async () => {
  await open();
  const get = (path: string, key?: string) =>
    call(web.server.url, path, key ? { headers: token(key) } : {});
  expect((await get('/app/log.csv')).status).toBe(401);
  const { ours, theirs } = web;
  const read = await get('/app/log.ndjson', ours.reader);
  expect(read.text).toContain('"kind":"REVISION"');
  expect(read.text).not.toContain('"kind":"EVENT"');
  expect((await get('/app/log.ndjson?kinds=EVENT', ours.reader)).status).toBe(403);
  expect((await get('/app/log.ndjson', theirs.reader)).text).not.toContain('Midland');
  const wrong = await get('/app/log.csv?kinds=NOTHING', ours.reader);
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain('kinds must be of REVISION, SETTING, EVENT.');
});

test('a viewer sees corrections and settings in the log, without events', async () => {
  await open('', USER);
  await row('Reading corrected').waitFor();
  expect(await rows().filter({ hasText: 'Signed in' }).count()).toBe(0);
  expect(await page.getByLabel('About').getByRole('option').allTextContents()).toEqual([
    'Everything',
    'Readings',
    'Sensors and settings',
  ]);
});

test('the log is accessible and fits in both themes and at both widths', async () => {
  await open();
  expect(await web.problems(page)).toEqual([]);
  expect(web.errors).toEqual([]);
});

test('every type of event is found under one of the subjects that can be chosen', () => {
  const chosen = SUBJECTS.flatMap(({ types }) => types);
  expect([...chosen].sort()).toEqual([...AUDIT_EVENT_TYPES].sort());
});
