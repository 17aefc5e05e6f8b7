import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

/** A contract day of Chicago. */
const RANGE =
  'start=2026-10-30T12:00:00Z&end=2026-10-31T12:00:00Z&zone=America%2FChicago&day=07%3A00';

beforeAll(async () => {
  web = await startWeb();
  const record = (sensorId: number, hours: readonly number[], flowrate: number) =>
    web.server.services.pings.record(
      web.ours.principal,
      hours.map((hour) => ({
        ...{ sensorId, flowrate },
        datetime: new Date(Date.UTC(2026, 9, 29, hour)),
      })),
      { onConflict: 'REJECT' },
    );
  const all = Array.from({ length: 49 }, (_, hour) => 12 + hour);
  await record(web.sensors.flowing, all.slice(0, 24), 1200);
  await record(web.sensors.flowing, all.slice(24), 2400);
  await record(web.sensors.reverse, all, 2304);
  const withOutage = all.filter((hour) => hour < 40 || hour > 50);
  await record(web.sensors.outage, withOutage, 1200);
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const totals = () => page.locator('.compare-table tbody tr');
const cells = async (row: number) => totals().nth(row).locator('th, td').allTextContents();

async function open(path: string): Promise<void> {
  page = await web.open(`/app/compare${path}?${RANGE}`);
  await page.locator('.compare-table').waitFor();
}

test('two sensors that are selected in the list are compared on one plot, with difference and total', async () => {
  page = await web.open('/app/');
  await page.getByLabel('Select Midland pump').check();
  await page.getByLabel('Select Tank transfer').check();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
  await page.locator('.compare-table').waitFor();
  const { flowing, reverse } = web.sensors;
  expect(new URL(page.url()).pathname).toBe(`/app/compare/${flowing},${reverse}`);
  await page.goto(`/app/compare/${flowing},${reverse}?${RANGE}`);
  await totals().nth(1).getByText('-96.00').waitFor();
  expect((await cells(0)).slice(3)).toEqual(['2,400.00', '–', '–', '–', '100 %']);
  expect((await cells(1)).slice(3)).toEqual(['2,304.00', '–', '-96.00', '-4.0 %', '100 %']);
  expect(await page.locator('.compare-table tfoot').textContent()).toBe('Sum4,704.00');
  await page.getByRole('button', { name: 'Hours' }).click();
  await page.getByText('Volumes as a table').click();
  const first = page.getByRole('region', { name: 'Volume table' }).locator('tbody tr').first();
  await first.getByText('96.00').waitFor();
  expect(await first.locator('td').allTextContents()).toEqual(['100.00', '96.00', '-4.00']);
});

test('a sensor is compared with the period before, from its page', async () => {
  page = await web.open(`/app/sensors/${web.sensors.flowing}?${RANGE}`);
  await page.getByText('Volume in the range').waitFor();
  await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
  await totals().nth(1).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/app/compare/${web.sensors.flowing}/period`);
  expect((await cells(0)).slice(1, 4)).toEqual([
    ...['Oct 30, 2026, 07:00', 'Oct 31, 2026, 07:00', '2,400.00'],
  ]);
  // The last hour rises to the flowrate of the next day.
  expect((await cells(1)).slice(1)).toEqual([
    ...['Oct 29, 2026, 07:00', 'Oct 30, 2026, 07:00', '1,225.00', '–', '-1,175.00', '-49.0 %'],
    '100 %',
  ]);
  await page.getByLabel('Also compare with').selectOption('A week before');
  await totals().nth(1).getByText('Oct 23, 2026, 07:00').first().waitFor();
  expect((await cells(1))[3]).toBe('No data');
});

test('sensors are added and left out on the page; another account’s are not found', async () => {
  await open(`/${web.sensors.flowing},999999`);
  expect(await totals().count()).toBe(1);
  await page.getByLabel('Add a sensor').selectOption({ label: 'Tank transfer (2)' });
  await totals().nth(1).waitFor();
  await page.getByRole('button', { name: 'Leave out Midland pump' }).click();
  await totals().nth(1).waitFor({ state: 'detached' });
  expect((await cells(0))[0]).toContain('Tank transfer');
});

test('a part of the plot is zoomed into by dragging, and both lines and bars follow', async () => {
  await open(`/${web.sensors.flowing},${web.sensors.reverse}`);
  const { x, y, width, height } = (await page.locator('.u-over').first().boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.getByText('2,400 bbl/d (Oct 30, 2026, 19:00)').waitFor();
  await page.mouse.down();
  await page.mouse.move(x + width * 0.75, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await totals().first().getByText('600.00').first().waitFor();
  const { searchParams } = new URL(page.url());
  const hours = ['start', 'end'].map((name) => Date.parse(searchParams.get(name)!) / 3_600_000);
  expect(hours[1]! - hours[0]!).toBeCloseTo(6, 0);
});

test('the values of the lines are read by keys', async () => {
  await open(`/${web.sensors.flowing},${web.sensors.reverse}`);
  const plot = page.getByRole('group', { name: 'Flowrates of 2 lines. Arrow keys read values.' });
  await plot.focus();
  await page.keyboard.press('Home');
  await page.getByText('2,400 bbl/d (Oct 30, 2026, 07:00)').waitFor();
  await page.keyboard.press('ArrowRight');
  const legend = page.locator('.compare-legend');
  await legend.getByText('2,304 bbl/d (Oct 30, 2026, 08:00)').waitFor();
  expect(await legend.getAttribute('aria-live')).toBe('polite');
});

async function savedBars(): Promise<{ name: string; svg: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the volumes as SVG' }).click();
  const file = await download;
  return { name: file.suggestedFilename(), svg: await readFile(await file.path(), 'utf8') };
}

test('a comparison is saved as a picture that says what it shows', async () => {
  await open(`/${web.sensors.flowing},${web.sensors.reverse}`);
  const { name, svg } = await savedBars();
  expect(name).toBe(
    'Midland-pump-Tank-transfer-volumes-compared-20261030T120000Z-20261031T120000Z.svg',
  );
  expect(svg).toContain('Midland pump: 2,400.00 bbl');
  expect(svg).toContain('Tank transfer: 2,304.00 bbl');
  expect(svg).toContain('Solid: measured; hatched: interpolated over outages.');
  expect(svg).not.toContain('url(#interpolated-');
  await open(`/${web.sensors.flowing},${web.sensors.outage}`);
  const hatched = (await savedBars()).svg.match(/url\(#interpolated-\d\)/g);
  // Of each of its hours.
  expect(hatched).toEqual(Array.from({ length: 12 }, () => 'url(#interpolated-1)'));
});

test('the comparison is accessible and fits in both themes and at both widths', async () => {
  await open(`/${web.sensors.flowing},${web.sensors.reverse}/period`);
  await page.getByText('Volumes as a table').click();
  expect(await web.problems(page)).toEqual([]);
  expect(web.errors).toEqual([]);
});
