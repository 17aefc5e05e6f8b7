import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startWeb, ZONE, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => page.context().close());

async function open(sensor: keyof Web['sensors'], query = ''): Promise<void> {
  page = await web.open(`/app/sensors/${web.sensors[sensor]}${query}`);
  await page.getByText('Volume in the range').waitFor();
}

const figure = (name: string) => page.locator('.figure').filter({ hasText: name }).locator('dd');
const plot = () => page.getByRole('group', { name: 'Flowrate plot' });
const table = (name: string) => page.getByRole('region', { name });
const parameters = () => new URL(page.url()).searchParams;
const hoursShown = () =>
  (Date.parse(parameters().get('end')!) - Date.parse(parameters().get('start')!)) / 3_600_000;

/** Waits until the address tells of a range, and of another one than before. */
async function rangeAfter(act: () => Promise<unknown>): Promise<number> {
  const before = page.url();
  await act();
  await page.waitForURL((url) => url.href !== before && url.searchParams.has('start'));
  return hoursShown();
}

async function dragAcross(from: number, to: number): Promise<void> {
  const { x, y, width, height } = (await page.locator('.u-over').first().boundingBox())!;
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
  await page.mouse.up();
}

describe('A sensor’s page', () => {
  test('shows its last reading, the range’s volume and coverage', async () => {
    await open('flowing');
    expect(await page.locator('.sensor-facts').textContent()).toMatch(/Flowing24,000 bbl\/d/);
    expect(await figure('Volume in the range').textContent()).toMatch(/^2[34],\d{3} bbl$/);
    expect(await figure('Coverage').textContent()).toMatch(/^9\d\.\d %$/);
    expect(await figure('Pings').textContent()).toBe('96');
  });

  test('zooms where one drags, and back leads to the range before', async () => {
    await open('flowing');
    expect(await rangeAfter(() => dragAcross(0.25, 0.5))).toBeCloseTo(6, 0);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('start'));
    expect(await page.getByRole('button', { name: '24 h' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });

  test('zooms and moves by keys, by buttons and by the wheel', async () => {
    await open('flowing');
    await plot().focus();
    expect(await rangeAfter(() => page.keyboard.press('+'))).toBeCloseTo(24 * 0.7, 3);
    const end = Date.parse(parameters().get('end')!);
    expect(await rangeAfter(() => page.keyboard.press('ArrowLeft'))).toBeCloseTo(24 * 0.7, 3);
    expect(Date.parse(parameters().get('end')!)).toBeLessThan(end);
    const zoomOut = page.getByRole('button', { name: 'Zoom out' });
    expect(await rangeAfter(() => zoomOut.click())).toBeCloseTo(48 * 0.7, 3);
    await plot().hover();
    await plot().focus();
    expect(await rangeAfter(() => page.mouse.wheel(0, -200))).toBeLessThan(40 * 0.7);
  });

  test('moves by one finger and zooms by two', async () => {
    page = await web.open(`/app/sensors/${web.sensors.flowing}`, {
      hasTouch: true,
      viewport: { width: 375, height: 800 },
    });
    await page.getByText('Volume in the range').waitFor();
    await plot().scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await page.locator('.u-over').first().boundingBox())!;
    const screen = await page.context().newCDPSession(page);
    const fingers = (...shares: number[]) =>
      shares.map((share, id) => ({ id, x: x + width * share, y: y + height / 2 }));
    const touch = async (...places: number[][]) => {
      const [first = [], ...others] = places;
      const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', shares: number[]) =>
        screen.send('Input.dispatchTouchEvent', { type, touchPoints: fingers(...shares) });
      await send('touchStart', first);
      for (const place of others) await send('touchMove', place);
      await send('touchEnd', []);
    };
    const before = Date.now();
    expect(await rangeAfter(() => touch([0.2], [0.4], [0.7]))).toBeCloseTo(24, 3);
    expect(Date.parse(parameters().get('end')!)).toBeLessThan(before - 5 * 3_600_000);
    expect(await rangeAfter(() => touch([0.4, 0.6], [0.3, 0.7], [0.2, 0.8]))).toBeLessThan(16);
  });

  test('asks for points as fine as the zoom', async () => {
    await open('flowing', '?range=7d');
    const asked = page.waitForRequest((request) => /SensorReadings/.test(request.postData() ?? ''));
    await dragAcross(0.8, 0.9);
    const { variables } = JSON.parse((await asked).postData()!);
    const hours = (Date.parse(variables.end) - Date.parse(variables.start)) / 3_600_000;
    expect(hours).toBeCloseTo(2 * 0.1 * 7 * 24, -1);
    expect(variables.maxPoints).toBeGreaterThan(1000);
  });

  test('draws volumes by day from the hour that the contract day begins', async () => {
    await open('flowing', '?range=7d');
    await page.getByRole('button', { name: 'Days' }).click();
    await page.getByLabel('Contract day begins at').fill('07:00');
    await page.waitForURL(/day=07%3A00/);
    await page.getByText('Volumes as a table').click();
    const cells = table('Volume table').getByRole('row').nth(2).getByRole('cell');
    await cells.first().getByText('07:00:00').waitFor();
    const start = await cells.first().locator('time').getAttribute('datetime');
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeStyle: 'short' });
    expect(local.format(new Date(start!))).toBe('07:00');
    expect(await cells.first().locator('time').getAttribute('title')).toMatch(/ UTC$/);
  });

  test('writes times and begins days in the zone that is chosen', async () => {
    await open('flowing', '?range=7d&interval=DAY');
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    await page.waitForURL(/zone=Asia%2FTokyo/);
    await page.getByText('Volumes as a table').click();
    const second = table('Volume table').getByRole('row').nth(2).locator('time').first();
    await second.getByText('00:00:00').waitFor();
    expect(await second.getAttribute('datetime')).toMatch(/T15:00:00Z$/);
  });

  test('exports what is seen as CSV', async () => {
    await open('outage', '?interval=DAY&day=07:00');
    await rangeAfter(() => dragAcross(0.1, 0.9));
    const { start, end } = Object.fromEntries(parameters());
    const rowsOf = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ]);
      return (await readFile(await download.path(), 'utf8')).trim().split('\n').slice(1);
    };
    const volumes = await rowsOf('Export volumes');
    expect(Date.parse(volumes[0]!.split(',')[0]!)).toBe(Date.parse(start!));
    expect(Date.parse(volumes.at(-1)!.split(',')[1]!)).toBe(Date.parse(end!));
    const pings = await rowsOf('Export pings');
    expect(String(pings.length)).toBe(await figure('Pings').textContent());
  });

  test('is reproduced by its link, in whatever zone it is opened', async () => {
    await open('flowing', '?range=7d&interval=DAY&day=07:00');
    await page.getByRole('link', { name: 'Link to this view' }).click();
    await page.waitForURL(/start=/);
    const [link, volume] = [page.url(), await figure('Volume in the range').textContent()];
    await page.context().close();
    page = await web.open(link, { timezoneId: 'Europe/Berlin' });
    await page.getByText('Volume in the range').waitFor();
    expect(await figure('Volume in the range').textContent()).toBe(volume);
    expect(await page.getByLabel('Time zone').inputValue()).toBe(ZONE);
    expect(await page.getByLabel('Contract day begins at').inputValue()).toBe('07:00');
    expect(await page.getByRole('button', { name: 'Days' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });

  test('shows a ping as soon as it is recorded, late ones too', async () => {
    await open('flowing');
    const { services } = web.server;
    const record = (minutesAgo: number, flowrate: number) =>
      services.pings.record(
        web.ours.principal,
        [
          {
            sensorId: web.sensors.flowing,
            flowrate,
            datetime: new Date(Date.now() - minutesAgo * 60_000),
          },
        ],
        { onConflict: 'REJECT' },
      );
    await record(0, 31_234);
    await page.locator('.last-reading').getByText('31,234 bbl/d').waitFor();
    const pings = Number(await figure('Pings').textContent());
    await record(400.5, 22_222);
    await figure('Pings')
      .getByText(String(pings + 1))
      .waitFor();
    expect(await page.locator('.last-reading').textContent()).toContain('31,234');
  });

  test('shows corrections and deletions soon after they were made', async () => {
    await open('reverse');
    const { services } = web.server;
    const sensorId = web.sensors.reverse;
    const [last] = (await services.pings.last(web.ours.principal, [sensorId])).values();
    await page.locator('.last-reading').getByText('-4,800 bbl/d').waitFor();
    const asked = page.waitForResponse((response) =>
      /SensorHistory/.test(response.request().postData() ?? ''),
    );
    await asked;
    const corrected = { sensorId, datetime: last!.datetime, flowrate: -5123 };
    await services.pings.record(web.ours.principal, [corrected], { onConflict: 'OVERWRITE' });
    await page.locator('.last-reading').getByText('-5,123 bbl/d').waitFor();
    const pings = Number(await figure('Pings').textContent());
    const range = { start: last!.datetime, end: new Date() };
    await services.pings.delete(web.ours.principal, sensorId, range, { dryRun: false });
    await figure('Pings')
      .getByText(String(pings - 1), { exact: true })
      .waitFor();
    expect(await page.locator('.last-reading').textContent()).not.toContain('-5,123');
  });

  test('says what there is not: pings, or the sensor', async () => {
    await open('empty');
    await page.getByText('No pings in this range').waitFor();
    await page.getByText('No reading yet').waitFor();
    await page.goto('/app/sensors/999999');
    await page.getByRole('heading', { name: 'Sensor not found' }).waitFor();
    expect(await web.violations(page)).toEqual([]);
  });

  test('says when the server does not answer, and tries again', async () => {
    await open('flowing');
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('button', { name: '7 d' }).click();
    await page.getByText('Volumes could not be loaded.').waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).last().click();
    await page.getByText('Volume in the range').waitFor();
    expect(await page.getByText('Volumes could not be loaded.').count()).toBe(0);
    web.errors.length = 0;
  });

  test('is accessible and fits in each theme at each width', async () => {
    await open('outage', '?range=7d&interval=DAY');
    await page.getByText('Volumes as a table').click();
    await page.getByText('Flowrate as a table').click();
    expect(await web.faults(page)).toEqual([]);
  });

  test('asks no other host, and tells the console of no error', () => {
    const hosts = new Set(web.requested.map(({ host }) => host));
    expect([...hosts]).toEqual([new URL(web.server.url).host]);
    expect(web.errors).toEqual([]);
  });
});
