import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

/** A contract day of Chicago, and the one before. */
const PERIOD = 'start=2026-10-30T12:00:00Z&end=2026-10-31T12:00:00Z';
const QUERY = `${PERIOD}&zone=America%2FChicago&day=07%3A00`;

beforeAll(async () => {
  web = await startWeb();
  const { services } = web.server;
  const { principal } = web.ours;
  const record = (sensorId: number, hours: readonly number[], flowrate: number) =>
    services.pings.record(
      principal,
      hours.map((hour) => ({
        sensorId,
        flowrate,
        datetime: new Date(Date.UTC(2026, 9, 29, hour)),
      })),
      { onConflict: 'REJECT' },
    );
  const all = Array.from({ length: 49 }, (_, hour) => 12 + hour);
  await services.sensors.update(principal, web.sensors.flowing, {
    name: 'PL_0042_METER_'.repeat(18),
  });
  await record(web.sensors.flowing, all, 1000.005);
  await record(web.sensors.reverse, all.slice(0, 25), 500);
  await record(web.sensors.reverse, all.slice(25), 250);
  await record(web.sensors.outage, [12, 36, 40, 60], 24);
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

async function open(query = ''): Promise<void> {
  page = await web.open(`/app/volumes${query}`);
  await page.getByRole('region', { name: 'Volumes of the period' }).waitFor();
}

const rows = () => page.locator('.volumes-table tbody tr');
const texts = async (row: ReturnType<Page['locator']>) => row.locator('th, td').allTextContents();
const total = () => page.locator('.volumes-table tfoot tr');

test('the sensor that lost most yesterday is the first of the volumes page', async () => {
  await open();
  expect(await page.getByRole('button', { name: 'Yesterday' }).getAttribute('aria-pressed')).toBe(
    'true',
  );
  const [first] = await rows().all();
  expect(await first!.textContent()).toContain('Crane lateral');
  expect((await texts(first!))[5]).toMatch(/^-[\d,]+\.\d\d$/);
});

test('all sensors have their volume, its interpolated part, the measured time and the change in a contract day', async () => {
  await open(`?${QUERY}`);
  const tank = rows().filter({ hasText: 'Tank transfer' });
  expect((await texts(tank)).slice(1)).toEqual([
    '255.21',
    '–',
    '100 %',
    '500.00',
    '-244.79',
    '-49.0 %',
  ]);
  const wink = rows().filter({ hasText: 'Wink gathering' });
  expect((await texts(wink)).slice(1)).toEqual(['24.00', '24.00', '0 %', '24.00', '0.00', '0.0 %']);
  const spare = rows().filter({ hasText: 'Spare meter' });
  expect((await texts(spare)).slice(1)).toEqual(['No data', '–', '0 %', 'No data', '–', '–']);
  expect(await page.locator('.volumes p').first().textContent()).toMatch(
    /Oct 30, 2026, 07:00 – Oct 31, 2026, 07:00 \(America\/Chicago\).*Oct 29, 2026, 07:00 – Oct 30, 2026, 07:00/,
  );
});

test('the rows of each column add up to its total', async () => {
  await open(`?${QUERY}`);
  const hundredths = (text: string) => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);
  const cells = await Promise.all((await rows().all()).map(texts));
  const sums = await texts(total());
  expect(sums[0]).toBe('Total of 5 sensors');
  for (const column of [1, 2, 4, 5]) {
    const sum = cells.reduce((all, row) => all + (hundredths(row[column]!) || 0), 0);
    expect(hundredths(sums[column]!)).toBe(sum);
  }
});

test('volumes are sorted by any column and found by name, and lead to the sensor in the same period', async () => {
  await open(`?${QUERY}`);
  await page.getByRole('button', { name: 'Volume (bbl)' }).click();
  await page.locator('[aria-sort="descending"]').waitFor();
  expect(await rows().first().textContent()).toContain('PL_0042_METER_');
  expect(new URL(page.url()).searchParams.get('sort')).toBe('-volume');
  await page.getByRole('searchbox').fill('tank');
  await page.getByText('Total of 1 sensor').waitFor();
  await page.getByRole('link', { name: 'Tank transfer' }).click();
  await page.getByText('Volume in the range').waitFor();
  expect(await page.locator('.figure dd').first().textContent()).toBe('255.21 bbl');
});

test('the volumes of the sensors with a tag, or of those found, are shown and exported', async () => {
  const { services } = web.server;
  for (const id of [web.sensors.outage, web.sensors.stale]) {
    await services.sensors.update(web.ours.principal, id, { tags: ['Custody transfer'] });
  }
  await open(`?${QUERY}`);
  const exported = async (name: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    return lines.slice(1).map((line) => line.split(',')[1]);
  };
  await page.getByLabel('Tag', { exact: true }).selectOption('Custody transfer');
  await page.getByText('Total of 2 sensors').waitFor();
  expect(await exported('Export (CSV)')).toEqual(['Crane lateral', 'Wink gathering']);
  await page.getByRole('button', { name: 'Volume (bbl)' }).click();
  await page.locator('[aria-sort="descending"]').waitFor();
  await page.getByRole('searchbox').fill(' WINK');
  await page.getByText('Total of 1 sensor').waitFor();
  expect(await exported('Export by contract day (CSV)')).toEqual(['Wink gathering']);
});

test('the volumes of the period are exported with zone, contract date and partial flag', async () => {
  await open(`?${QUERY}`);
  const linesOf = async (name: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const file = await download;
    return (await readFile(await file.path(), 'utf8')).trim().split('\n');
  };
  const lines = await linesOf('Export (CSV)');
  expect(lines).toHaveLength(6);
  expect(lines[5]).toMatch(
    /^\d+,Wink gathering,2026-10-30,America\/Chicago,07:00,2026-10-30T12:00:00Z,2026-10-31T12:00:00Z,false,24,0,24,/,
  );
  expect(await linesOf('Export by contract day (CSV)')).toHaveLength(6);
});

test('a period that is not over is compared with as much of the period before', async () => {
  await open('?range=today&zone=UTC&day=00%3A00');
  const [now, before] = await page
    .locator('.volumes p')
    .first()
    .textContent()
    .then((text) => text!.match(/\d\d:\d\d (?=\(UTC|$)|\d\d:\d\d$/g)!.map((time) => time.trim()));
  expect(before).toBe(now);
});

test('the volumes page is accessible and fits in both themes and at both widths', async () => {
  await open(`?${QUERY}`);
  expect(await web.problems(page)).toEqual([]);
});

test('the volumes page says that the server cannot be reached, and tries again', async () => {
  await open(`?${QUERY}`);
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('button', { name: 'Last month' }).click();
  await page.getByText('The volumes could not be loaded').waitFor();
  expect(await page.locator('.volumes-table').count()).toBe(0);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.volumes-table').waitFor();
});
