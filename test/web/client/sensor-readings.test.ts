import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SensorPage } from '../../helpers/sensor-page.js';
import { ADMIN, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let sensor: SensorPage;
let id: number;

const RANGE = '?start=2026-10-01T00:00:00Z&end=2026-10-02T00:00:00Z&zone=UTC&day=00%3A00';

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(sensor.page));

/** Opens the page of a new sensor: a reading of 2400 bbl/d at each hour of a day. */
async function open(user = ADMIN): Promise<void> {
  const { services } = web.server;
  const { principal } = web.ours;
  ({ id } = await services.sensors.create(principal, { name: 'Corrected meter' }));
  const pings = Array.from({ length: 25 }, (_, hour) => ({
    sensorId: id,
    flowrate: 2400,
    datetime: new Date(Date.UTC(2026, 9, 1, hour)),
  }));
  await services.pings.record(principal, pings, { onConflict: 'REJECT' });
  sensor = await SensorPage.open(web, id, RANGE, { user });
}

const button = (name: string) => sensor.page.getByRole('button', { name, exact: true });
const dialog = () => sensor.page.getByRole('dialog');
const history = () => sensor.page.getByRole('region', { name: 'History table' });

async function choose(share: number): Promise<void> {
  await sensor.point('flowrate', share);
  await sensor.page.mouse.down();
  await sensor.page.mouse.up();
  await sensor.page.getByRole('region', { name: 'Chosen reading' }).waitFor();
}

test('a wrong reading is corrected after its effect on the volume is shown, and the history keeps what it was', async () => {
  await open();
  expect(await sensor.figure('Volume in the range').textContent()).toBe('2,400.00 bbl');
  await choose(0.5);
  await sensor.page.getByText('Reading of Oct 1, 2026, 12:00:00').waitFor();
  await button('Correct reading').click();
  await dialog().getByLabel('Right flowrate').fill('24000');
  await dialog().getByLabel('Reason').selectOption('DATA_ENTRY');
  await dialog().getByText('A person or a program recorded a wrong value.').waitFor();
  await dialog().getByLabel('Comment').fill('Decimal point');
  await dialog().getByText('now 200.00 bbl, then 1,100.00 bbl (+900.00 bbl)').waitFor();
  expect(await web.violations(sensor.page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Correct' }).click();
  await dialog().waitFor({ state: 'detached' });
  await sensor.figure('Volume in the range').getByText('3,300.00 bbl').waitFor();
  await sensor.page.getByText('Reading of Oct 1, 2026, 12:00:00 24,000 bbl/d').waitFor();
  expect(await history().getByRole('row').nth(1).textContent()).toMatch(
    /Oct 1, 2026, 12:00:002,40024,000.*user:graceData entry: Decimal point$/,
  );
});

test('the effect of a correction is right beside more bad readings than a first look finds', async () => {
  await open();
  const bad = Array.from({ length: 11 }, (_, index) => ({
    ...{ sensorId: id, flowrate: 1, quality: 'BAD' as const },
    datetime: new Date(Date.UTC(2026, 9, 1, 1 + index)),
  }));
  await web.server.services.pings.record(web.ours.principal, bad, {
    ...{ onConflict: 'OVERWRITE', reasonCode: 'METER_ERROR' },
  });
  await sensor.figure('Readings').getByText('13', { exact: true }).waitFor();
  await choose(0.5);
  await button('Correct reading').click();
  await dialog().getByLabel('Right flowrate').fill('24000');
  await dialog().getByText('now 1,300.00 bbl, then 7,150.00 bbl (+5,850.00 bbl)').waitFor();
  await dialog().getByLabel('Reason').selectOption('DATA_ENTRY');
  await dialog().getByRole('button', { name: 'Correct' }).click();
  await sensor.figure('Volume in the range').getByText('8,250.00 bbl').waitFor();
  expect(await history().getByText('Data entry').count()).toBe(1);
});

test('a reading that is judged bad is marked, is left out of the volume, and the bar says so, and what was substituted', async () => {
  await open();
  await choose(0.5);
  await button('Correct reading').click();
  await dialog().getByLabel('Right flowrate').fill('4800');
  await dialog().getByLabel('Quality').selectOption('BAD');
  await dialog().getByText('now 200.00 bbl, then 200.00 bbl').waitFor();
  await dialog().getByLabel('Reason').selectOption('METER_ERROR');
  await dialog().getByRole('button', { name: 'Correct' }).click();
  await dialog().waitFor({ state: 'detached' });
  const chosen = sensor.page.getByRole('region', { name: 'Chosen reading' });
  await chosen.getByText('4,800 bbl/d').waitFor();
  await chosen.getByText('Bad', { exact: true }).waitFor();
  expect(await history().getByRole('row').nth(1).textContent()).toMatch(/2,4004,800 {1,2}Bad/);
  await sensor.figure('Readings').getByText('23', { exact: true }).waitFor();
  expect(await sensor.figure('Volume in the range').textContent()).toBe('2,400.00 bbl');
  await sensor.point('volume', 0.5);
  await sensor.page.mouse.down();
  await sensor.page.mouse.up();
  await sensor.page.getByText('Bad: there are bad readings').waitFor();
  const { substitutions } = web.server.services;
  const range = { start: new Date('2026-10-01T12:00:00Z'), end: new Date('2026-10-01T14:00:00Z') };
  const input = { sensorId: id, ...range, method: 'REPLACE', value: 2400 } as const;
  await substitutions.make(web.ours.principal, input, { reasonCode: 'METER_ERROR', comment: null });
  await sensor.page.reload();
  await sensor.point('volume', 0.5);
  await sensor.page.mouse.down();
  await sensor.page.mouse.up();
  await sensor.page.getByText('bbl rest on substituted readings').waitFor();
  expect(await web.violations(sensor.page)).toEqual([]);
});

test('the readings of a range are deleted after they are counted and the volume is shown', async () => {
  await open();
  await sensor.page.getByLabel('From, time').fill('05:30');
  await sensor.page.getByLabel('To', { exact: true }).fill('2026-10-01');
  await sensor.page.getByLabel('To, time').fill('08:30');
  await button('Show').click();
  await sensor.figure('Readings').getByText('3', { exact: true }).waitFor();
  await button('Delete readings in the range').click();
  await dialog().getByText('3 readings, Oct 1, 2026, 05:30:00').waitFor();
  await dialog().getByText('now 400.00 bbl, then 400.00 bbl').waitFor();
  await dialog().getByLabel('Reason').selectOption('MAINTENANCE');
  await dialog().getByLabel('Comment').fill('Meter out for proving');
  await dialog().getByRole('button', { name: 'Delete 3 readings' }).click();
  await dialog().waitFor({ state: 'detached' });
  await history().getByText('Maintenance: Meter out for proving').first().waitFor();
  expect(await history().getByText('deleted').count()).toBe(3);
  await sensor.figure('Of it interpolated over outages').getByText('300.00 bbl').waitFor();
});

test('one reading is deleted by a click on it', async () => {
  await open();
  await choose(0.25);
  await button('Delete reading').click();
  await dialog().getByRole('button', { name: 'Delete 1 reading' }).click();
  await dialog().waitFor({ state: 'detached' });
  await sensor.figure('Readings').getByText('23', { exact: true }).waitFor();
  expect(await history().getByText('deleted').count()).toBe(1);
});

test('a viewer sees readings and their history, and cannot change them', async () => {
  await open(USER);
  await choose(0.5);
  await sensor.page.getByText('Reading of Oct 1, 2026, 12:00:00').waitFor();
  await sensor.page.getByText('Corrections and deletions').waitFor();
  for (const name of ['Correct reading', 'Delete readings in the range', 'Edit sensor']) {
    expect(await button(name).count()).toBe(0);
  }
});

test('the page with a chosen reading and its history is accessible and fits in both themes and at both widths', async () => {
  await open();
  await web.server.services.pings.record(
    web.ours.principal,
    [{ sensorId: id, flowrate: 1, datetime: new Date(Date.UTC(2026, 9, 1, 12)) }],
    { onConflict: 'OVERWRITE', comment: 'PL_0042_METER_'.repeat(18) },
  );
  await history().waitFor();
  await choose(0.5);
  expect(await web.problems(sensor.page)).toEqual([]);
});

test('no page requested another host, and none reported an error to its console', async () => {
  await open();
  expect([...new Set(web.requested.map(({ host }) => host))]).toHaveLength(1);
  expect(web.errors).toEqual([]);
});

test('a user’s units are kept, every figure names them, and readings are corrected in them', async () => {
  await open();
  const menu = sensor.page.locator('.account-menu');
  const pick = async (label: string, unit: string) => {
    await menu.locator('summary').click();
    await menu.getByLabel(label).selectOption({ label: unit });
  };
  await pick('Volumes in', 'gal');
  await sensor.figure('Volume in the range').getByText('100,800.00 gal').waitFor();
  await pick('Flowrates in', 'gpm');
  await sensor.figure('Average').getByText('70 gpm').first().waitFor();
  expect(await sensor.page.locator('main').textContent()).not.toMatch(/\bbbl\b/);
  expect(await (await sensor.openTable('Volume')).textContent()).toContain('Volume (gal)');
  const csv = await sensor.page.locator('a[download]').last().getAttribute('href');
  expect(csv).toContain('volumeUnit=gal&flowrateUnit=gpm');

  await choose(0.5);
  await button('Correct reading').click();
  expect(await dialog().getByLabel('Right flowrate').inputValue()).toBe('70');
  await dialog().getByText('gpm; negative for reverse flow.').waitFor();
  await dialog().getByLabel('Right flowrate').fill('700');
  await dialog().getByText('now 8,400.00 gal, then 46,200.00 gal (+37,800.00 gal)').waitFor();
  await dialog().getByRole('button', { name: 'Correct' }).click();
  await sensor.figure('Volume in the range').getByText('138,600.00 gal').waitFor();
  const at = { start: new Date(Date.UTC(2026, 9, 1, 12)), end: new Date(Date.UTC(2026, 9, 1, 13)) };
  const range = await web.server.services.volumes.series(web.ours.principal, [id], at, 1);
  expect(range.get(id)).toEqual([
    { datetime: at.start, min: 24_000, max: 24_000, average: 24_000 },
  ]);
  await pick('Volumes in', 'bbl');
  await sensor.figure('Volume in the range').getByText('3,300.00 bbl').waitFor();
  await pick('Flowrates in', 'bbl/d');
  await sensor.figure('Average').getByText('bbl/d').first().waitFor();
});
