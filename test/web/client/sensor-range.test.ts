import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { SensorPage } from '../../helpers/sensor-page.js';
import { startWeb, ZONE, type Web } from '../../helpers/web.js';

const HOUR_MS = 3_600_000;
let web: Web;
let sensor: SensorPage;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(sensor.page));

const isPressed = (name: string) =>
  sensor.page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed');

async function open(query = '', options: Parameters<typeof SensorPage.open>[3] = {}) {
  sensor = await SensorPage.open(web, web.sensors.flowing, query, options);
}

test('a plot is saved as SVG and as PNG, with its title, range, zone and unit in the picture', async () => {
  sensor = await SensorPage.open(
    web,
    web.sensors.flowing,
    '?start=2026-10-30T12:00:00Z&end=2026-10-31T12:00:00Z&zone=America%2FChicago',
  );
  const save = async (name: string) => {
    const download = sensor.page.waitForEvent('download');
    await sensor.page.getByRole('button', { name }).click();
    return readFile(await (await download).path());
  };
  for (const [plot, title, unit] of [
    ['flowrates', 'Midland pump: flowrate', 'bbl/d'],
    ['volumes', 'Midland pump: volume by hour', 'bbl'],
  ] as const) {
    const svg = (await save(`Save the ${plot} as SVG`)).toString();
    expect(svg).toContain(`>${title}</text>`);
    expect(svg).toContain(
      `>Oct 30, 2026, 07:00:00 – Oct 31, 2026, 07:00:00 (America/Chicago); ${unit}</text>`,
    );
    const png = await save(`Save the ${plot} as PNG`);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(2400);
    expect(png.length).toBeGreaterThan(20_000);
  }
});

test('dragging across the plot zooms to that range, and Back leads to the range before', async () => {
  await open();
  expect(await sensor.hoursAfter(() => sensor.drag(0.25, 0.5))).toBeCloseTo(6, 0);
  await sensor.page.goBack();
  await sensor.page.waitForURL((url) => !url.searchParams.has('start'));
  expect(await isPressed('24 h')).toBe('true');
});

test('keys, buttons and the wheel zoom and move the plot', async () => {
  await open();
  await sensor.plot.focus();
  const press = (key: string) => sensor.hoursAfter(() => sensor.page.keyboard.press(key));
  expect(await press('+')).toBeCloseTo(24 * 0.7, 3);
  const { end } = sensor.range;
  expect(await press('ArrowLeft')).toBeCloseTo(24 * 0.7, 3);
  expect(sensor.range.end).toBeLessThan(end);
  const zoomOut = sensor.page.getByRole('button', { name: 'Zoom out' });
  expect(await sensor.hoursAfter(() => zoomOut.click())).toBeCloseTo(48 * 0.7, 3);
  await sensor.plot.hover();
  await sensor.plot.focus();
  expect(await sensor.hoursAfter(() => sensor.page.mouse.wheel(0, -200))).toBeLessThan(40 * 0.7);
});

test('values of the plot and of the bars are read by keys', async () => {
  await open('?range=7d&interval=DAY');
  await sensor.plot.focus();
  await sensor.page.keyboard.press('Shift+ArrowLeft');
  const time = sensor.readout('flowrate').locator('strong');
  const newest = await time.textContent();
  await sensor.page.keyboard.press('Shift+ArrowLeft');
  await time.filter({ hasNotText: newest! }).waitFor();
  expect(await sensor.readout('flowrate').textContent()).toContain('bbl/d');
  expect(sensor.parameters.has('start')).toBe(false);

  const bars = sensor.page.getByRole('group', { name: 'Bar chart of 8 volumes' });
  await bars.focus();
  for (const key of ['End', 'ArrowLeft', 'Enter']) await sensor.page.keyboard.press(key);
  const details = sensor.page.getByRole('region', { name: 'Details of the bar' });
  // Once the last key has had its effect, so have those before.
  const day = await details.getByRole('heading').textContent();
  expect(await sensor.readout('volume').locator('strong').textContent()).toBe(day);
});

test('the notches of a wheel make one entry in the history; a double click shows the range before', async () => {
  await open('?range=7d');
  await sensor.plot.hover();
  await sensor.plot.focus();
  for (let notch = 0; notch < 3; notch += 1) {
    await sensor.hoursAfter(() => sensor.page.mouse.wheel(0, -100));
  }
  await sensor.page.goBack();
  await sensor.page.waitForURL((url) => !url.searchParams.has('start'));
  expect(await isPressed('7 d')).toBe('true');
  await sensor.hoursAfter(() => sensor.drag(0.25, 0.5));
  await sensor.page.locator('.u-over').first().dblclick();
  await sensor.page.waitForURL((url) => !url.searchParams.has('start'));
  expect(await isPressed('7 d')).toBe('true');
});

test('one finger moves the plot and two zoom it', async () => {
  await open('', { hasTouch: true, viewport: { width: 375, height: 800 } });
  const { page } = sensor;
  await sensor.plot.scrollIntoViewIfNeeded();
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
  expect(await sensor.hoursAfter(() => touch([0.2], [0.4], [0.7]))).toBeCloseTo(24, 3);
  expect(sensor.range.end).toBeLessThan(before - 5 * HOUR_MS);
  const pinch = () => touch([0.4, 0.6], [0.3, 0.7], [0.2, 0.8]);
  expect(await sensor.hoursAfter(pinch)).toBeLessThan(16);
});

test('a range that reaches into the future ends now, and nothing of the future is missing', async () => {
  const start = Date.now() - 12 * HOUR_MS;
  const iso = (instant: number) => new Date(instant).toISOString();
  await open(`?start=${iso(start)}&end=${iso(start + 48 * HOUR_MS)}`);
  expect(await sensor.figure('Time measured').textContent()).toBe('100 %');
  expect(await sensor.page.locator('.range-text').textContent()).toContain('live');
  await sensor.page.getByRole('button', { name: '24 h' }).click();
  await sensor.page.waitForURL(/range=24h/);
  await sensor.hoursAfter(() => sensor.page.getByRole('button', { name: 'Zoom out' }).click());
  expect(sensor.range.end).toBeLessThanOrEqual(Date.now());
  await sensor.page.getByText('(2 d').waitFor();
  await sensor.page.getByRole('button', { name: 'Later' }).click();
  await sensor.figures.and(sensor.page.locator('[aria-busy="false"]')).waitFor();
  expect(sensor.range.end).toBeLessThanOrEqual(Date.now());
});

test('any range is shown from dates and times of the page’s zone', async () => {
  await open('?zone=America/Chicago');
  const { page } = sensor;
  const form = page.getByRole('form', { name: 'Range by date' });
  const fill = async (label: string, date: string, time: string) => {
    await form.getByLabel(label, { exact: true }).fill(date);
    await form.getByLabel(`${label}, time`).fill(time);
  };
  await fill('From', '2025-10-01', '07:00');
  await fill('To', '2025-11-01', '07:00');
  await form.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/start=2025-10-01T12%3A00%3A00.000Z&end=2025-11-01T12%3A00%3A00.000Z/);
  await fill('To', '2025-09-01', '07:00');
  await form.getByRole('button', { name: 'Show' }).click();
  expect(await form.getByRole('alert').textContent()).toBe('The range must end after it starts.');
});

test('presets follow the contract day in the page’s zone, and both are kept for other sensors', async () => {
  await open('?range=yesterday&zone=America/Chicago&day=07:00');
  const { page } = sensor;
  const hour = (instant: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeStyle: 'short' }).format(
      new Date(instant),
    );
  await sensor.page.getByRole('button', { name: 'Days' }).click();
  const times = (await sensor.openTable('Volume')).getByRole('row').nth(1).locator('time');
  const [start, end] = await Promise.all(
    [0, 1].map((index) => times.nth(index).getAttribute('datetime')),
  );
  expect([hour(start!), hour(end!)]).toEqual(['07:00', '07:00']);
  expect(Date.parse(end!)).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(end!)).toBeGreaterThan(Date.now() - 26 * HOUR_MS);

  await page.getByLabel('Contract day begins at').fill('06:30');
  await page.waitForURL(/day=06%3A30/);
  await page.goto(`/app/sensors/${web.sensors.reverse}`);
  await sensor.figures.waitFor();
  expect(await page.getByLabel('Contract day begins at').inputValue()).toBe('06:30');
});

test('a copied link shows the same in any zone, and copying it changes nothing', async () => {
  await open('?range=7d&interval=DAY&day=07:00');
  const { page } = sensor;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const address = page.url();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Copy link' }).getByText('Copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(page.url()).toBe(address);
  expect(await isPressed('7 d')).toBe('true');
  await page.goto(link);
  await sensor.figures.waitFor();
  const volume = await sensor.figure('Volume in the range').textContent();
  await page.context().close();

  const { pathname, search } = new URL(link);
  await open(search, { timezoneId: 'Europe/Berlin' });
  expect(new URL(sensor.page.url()).pathname).toBe(pathname);
  expect(await sensor.figure('Volume in the range').textContent()).toBe(volume);
  expect(await sensor.page.getByLabel('Time zone').inputValue()).toBe(ZONE);
  expect(await sensor.page.getByLabel('Contract day begins at').inputValue()).toBe('07:00');
  expect(await isPressed('Days')).toBe('true');
});

test('figures are those of the range beside them, also while another range is loaded', async () => {
  await open();
  const { page } = sensor;
  const { figures } = sensor;
  const before = await figures.textContent();
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/graphql', async (route) => {
    if (/SensorVolumes/.test(route.request().postData() ?? '')) await isReleased;
    await route.continue();
  });
  await page.getByRole('button', { name: '7 d' }).click();
  await figures.getByText('loading the new range').waitFor();
  expect(await figures.getAttribute('aria-busy')).toBe('true');
  expect(await figures.textContent()).toContain(before!.slice(0, 60));
  expect(await page.getByRole('link', { name: 'Export volumes' }).count()).toBe(0);
  release();
  await figures.and(page.locator('[aria-busy="false"]')).waitFor();
  expect(await figures.textContent()).not.toContain('loading');
  expect(await sensor.figure('Readings').textContent()).toBe('288');
  await page.getByRole('link', { name: 'Export volumes' }).waitFor();
});

test('a readout is of what the pointer is on, also after zooming and moving', async () => {
  await open('?range=7d');
  const { page } = sensor;
  await sensor.hoursAfter(() => sensor.drag(0.6, 0.8));
  const shown = async () => {
    const text = (await sensor.readout('flowrate').textContent())!;
    return Date.parse(`${/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec(text)![0].replace(' ', 'T')}Z`);
  };
  await sensor.figures.and(page.locator('[aria-busy="false"]')).waitFor();
  const isWithin = async () => {
    const { start, end } = sensor.range;
    const instant = await shown();
    return start <= instant && instant <= end;
  };
  expect(await isWithin()).toBe(true);
  await sensor.hoursAfter(() => page.getByRole('button', { name: 'Earlier' }).click());
  await sensor.point('flowrate', 0.5);
  await sensor.plot.focus();
  await sensor.hoursAfter(() => page.keyboard.press('ArrowLeft'));
  expect(await isWithin()).toBe(true);
});

test('hours are not offered for a range that has more of them than the server answers', async () => {
  await open('?start=2020-01-01T00:00:00Z&end=2025-11-28T00:00:00Z&interval=HOUR');
  const hours = sensor.page.getByRole('button', { name: 'Hours' });
  expect(await hours.isDisabled()).toBe(true);
  expect(await isPressed('Months')).toBe('true');
  await sensor.page.getByText('Hours would be more than 10,000 bars').waitFor();
});
