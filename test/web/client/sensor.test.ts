import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { SensorPage } from '../../helpers/sensor-page.js';
import { basic, call, JSON_BODY } from '../../helpers/server.js';
import { ADMIN, startWeb, ZONE, type Web } from '../../helpers/web.js';

let web: Web;
let sensor: SensorPage;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(sensor.page));

async function open(name: keyof Web['sensors'], query = ''): Promise<void> {
  sensor = await SensorPage.open(web, web.sensors[name], query);
}

test('a sensor’s page shows its last reading, and the volume and measured time of the range', async () => {
  await open('flowing');
  expect(await sensor.page.locator('.sensor-facts').textContent()).toMatch(
    /Flowing24,000 bbl\/d.*Counts as an outage after 1 h without a reading/,
  );
  expect(await sensor.figure('Volume in the range').textContent()).toMatch(
    /^2[34],\d{3}\.\d\d bbl$/,
  );
  expect(await sensor.figure('Readings').textContent()).toBe('96');
});

test('the first look at a sensor, in a window of 1440 × 900, has its figures, its plot and its bars', async () => {
  sensor = await SensorPage.open(web, web.sensors.flowing, '', { user: ADMIN });
  await sensor.page.getByRole('button', { name: 'Edit sensor' }).waitFor();
  await sensor.page.locator('.volume-plot .u-over').waitFor();
  const bottoms = await Promise.all(
    ['.range-figures', '.flowrate-plot', '.volume-plot'].map(async (part) => {
      const { y, height } = (await sensor.page.locator(part).boundingBox())!;
      return y + height;
    }),
  );
  expect(Math.max(...bottoms)).toBeLessThanOrEqual(900);
  expect(await sensor.page.evaluate(() => window.scrollY)).toBe(0);
});

test('a sensor that is not overdue has all of its time measured; what is left is pending', async () => {
  await open('flowing');
  expect(await sensor.figure('Time measured').textContent()).toBe('100 %');
  expect(await sensor.figures.textContent()).toMatch(/the last 1 min.* pending/);
  await sensor.page.context().close();
  await open('stale');
  expect(await sensor.figure('Time measured').textContent()).toBe('0 %');
  expect(await sensor.figure('Volume in the range').textContent()).toBe('No data');
  expect(await sensor.figures.textContent()).not.toContain('pending');
});

test('the flowrate plot requests points as fine as its zoom', async () => {
  await open('flowing', '?range=7d');
  const requested = sensor.page.waitForRequest((request) =>
    /SensorReadings/.test(request.postData() ?? ''),
  );
  await sensor.drag(0.8, 0.9);
  const { variables } = JSON.parse((await requested).postData()!);
  const hours = (Date.parse(variables.end) - Date.parse(variables.start)) / 3_600_000;
  expect(hours).toBeCloseTo(2 * 0.1 * 7 * 24, -1);
  expect(variables.maxPoints).toBeGreaterThan(1000);
});

test('daily volumes begin at the hour that the contract day begins', async () => {
  await open('flowing', '?range=7d');
  await sensor.page.getByRole('button', { name: 'Days' }).click();
  await sensor.page.getByLabel('Contract day begins at').fill('07:00');
  await sensor.page.waitForURL(/day=07%3A00/);
  const cells = (await sensor.openTable('Volume')).getByRole('row').nth(2).getByRole('cell');
  await cells.first().getByText('07:00:00').waitFor();
  const start = await cells.first().locator('time').getAttribute('datetime');
  const local = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeStyle: 'short' });
  expect(local.format(new Date(start!))).toBe('07:00');
  expect(await cells.first().locator('time').getAttribute('title')).toMatch(/ UTC$/);
});

test('times are shown, and days begin, in the zone that is chosen', async () => {
  await open('flowing', '?range=7d&interval=DAY');
  await sensor.page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await sensor.page.waitForURL(/zone=Asia%2FTokyo/);
  const table = await sensor.openTable('Volume');
  const second = table.getByRole('row').nth(2).locator('time').first();
  await second.getByText('00:00:00').waitFor();
  expect(await second.getAttribute('datetime')).toMatch(/T15:00:00Z$/);
});

test('the range that is shown is exported as CSV', async () => {
  await open('outage', '?interval=DAY&day=07:00');
  await sensor.hoursAfter(() => sensor.drag(0.1, 0.9));
  const { start, end } = sensor.range;
  const linesOf = async (name: string) => {
    const [download] = await Promise.all([
      sensor.page.waitForEvent('download'),
      sensor.page.getByRole('link', { name }).click(),
    ]);
    return (await readFile(await download.path(), 'utf8')).trim().split('\n').slice(1);
  };
  expect((await linesOf('Export volumes')).length).toBeGreaterThanOrEqual(1);
  const readings = await linesOf('Export readings');
  expect(String(readings.length)).toBe(await sensor.figure('Readings').textContent());
  const instants = readings.map((line) => Date.parse(/\d{4}-[^,]+Z/.exec(line)![0]));
  expect(Math.min(...instants)).toBeGreaterThanOrEqual(start);
  expect(Math.max(...instants)).toBeLessThanOrEqual(end);
});

test('an export says why it is not made: the session is over, or the server is away', async () => {
  await open('flowing');
  const { page } = sensor;
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('link', { name: 'Export readings' }).click();
  expect(await page.getByText('Not exported.').textContent()).toMatch(/server/);
  await page.unroute('**/graphql');
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Export readings' }).click();
  await page
    .getByRole('link', { name: /Sign in/ })
    .or(page.getByRole('button', { name: 'Sign in' }))
    .first()
    .waitFor();
  web.errors.length = 0;
});

test('a reading shows as soon as it is recorded, and so does one that comes late', async () => {
  await open('flowing');
  const { services } = web.server;
  const sensorId = web.sensors.flowing;
  const record = (minutesAgo: number, flowrate: number) => {
    const datetime = new Date(Date.now() - minutesAgo * 60_000);
    const ping = { sensorId, flowrate, datetime };
    return services.pings.record(web.ours.principal, [ping], { onConflict: 'REJECT' });
  };
  await record(0, 31_234);
  await sensor.page.locator('.last-reading').getByText('31,234 bbl/d').waitFor();
  const readings = Number(await sensor.figure('Readings').textContent());
  await record(400.5, 22_222);
  await sensor
    .figure('Readings')
    .getByText(String(readings + 1))
    .waitFor();
  expect(await sensor.page.locator('.last-reading').textContent()).toContain('31,234');
});

test('corrections and deletions show soon after they are made', async () => {
  await open('reverse');
  const { services } = web.server;
  const sensorId = web.sensors.reverse;
  const [last] = (await services.pings.last(web.ours.principal, [sensorId])).values();
  const lastReading = sensor.page.locator('.last-reading');
  await lastReading.getByText('-4,800 bbl/d').waitFor();
  await sensor.page.waitForResponse((response) =>
    /SensorHistory/.test(response.request().postData() ?? ''),
  );
  const corrected = { sensorId, datetime: last!.datetime, flowrate: -5123 };
  await services.pings.record(web.ours.principal, [corrected], { onConflict: 'OVERWRITE' });
  await lastReading.getByText('-5,123 bbl/d').waitFor();
  const readings = Number(await sensor.figure('Readings').textContent());
  const range = { start: last!.datetime, end: new Date() };
  await services.pings.delete(web.ours.principal, sensorId, range, { dryRun: false });
  await sensor
    .figure('Readings')
    .getByText(String(readings - 1), { exact: true })
    .waitFor();
  expect(await lastReading.textContent()).not.toContain('-5,123');
});

test('the page says that a sensor has no readings, or does not exist', async () => {
  await open('empty');
  await sensor.page.getByText('No readings in this range').waitFor();
  await sensor.page.getByText('No reading yet').waitFor();
  await sensor.page.goto('/app/sensors/999999');
  await sensor.page.getByRole('heading', { name: 'Sensor not found' }).waitFor();
  expect(await web.violations(sensor.page)).toEqual([]);
});

test('the page says that the server does not respond, and tries again', async () => {
  await open('flowing');
  const { page } = sensor;
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('button', { name: '7 d' }).click();
  await page.getByText('Volumes could not be loaded.').waitFor();
  expect(await sensor.figures.count()).toBe(0);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await sensor.figures.waitFor();
  expect(await page.getByText('Volumes could not be loaded.').count()).toBe(0);
  web.errors.length = 0;
});

test('the page is accessible and fits in both themes and at both widths', async () => {
  await open('outage', '?range=7d&interval=DAY');
  await sensor.openTable('Volume');
  await sensor.openTable('Flowrate');
  expect(await web.problems(sensor.page)).toEqual([]);
});

test('a name of 255 characters without a space, or of another direction, stays in its place', async () => {
  const names = [
    'PL_0042_MIDLAND_CRANE_16IN_MAINLINE_LACT_UNIT_B_METER_RUN_3_FLOW_PV',
    'W'.repeat(255),
  ];
  for (const name of [...names, 'محطة الضخ']) {
    const { id } = await web.server.services.sensors.create(web.ours.principal, { name });
    sensor = await SensorPage.open(web, id);
    const { page } = sensor;
    for (const path of [page.url(), '/app/']) {
      await page.goto(path);
      await page.getByText(name).first().waitFor();
      for (const width of [1440, 1280, 375]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await overlap(page)).toBe(false);
      }
    }
    await page.context().close();
  }
  await open('flowing');
});

test('no page requested another host, and none reported an error to its console', async () => {
  await open('flowing');
  const hosts = new Set(web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(web.server.url).host]);
  expect(web.errors).toEqual([]);
});

/** Whether a table reaches under the map beside it. */
function overlap(page: SensorPage['page']): Promise<boolean> {
  return page.evaluate(() => {
    const [table, map] = ['.sensor-table', '.sensor-map'].map((of) =>
      document.querySelector(of)?.getBoundingClientRect(),
    );
    if (!table || !map) return false;
    return table.right > map.left && table.bottom > map.top && map.bottom > table.top;
  });
}

test('the page of a meter that replaced another one links to it, and has the volume of both', async () => {
  const { services } = web.server;
  const { principal } = web.ours;
  const day = (hours: number) => new Date(Date.UTC(2025, 2, 1, hours));
  const ids = [];
  for (const [name, hour] of [
    ['Old meter', 0],
    ['New meter', 12],
  ] as const) {
    const { id } = await services.sensors.create(principal, { name });
    const pings = [0, 1].map((later) => ({
      ...{ sensorId: id, flowrate: 2400, datetime: day(hour + later) },
    }));
    await services.pings.record(principal, pings, { onConflict: 'REJECT' });
    ids.push(id);
  }
  const [old, next] = ids as [number, number];
  await services.sensors.update(principal, next, { continuesSensor: old, continuesFrom: day(6) });
  const range = `?start=${day(0).toISOString()}&end=${day(24).toISOString()}`;
  const { status } = await call(web.server.url, '/graphql', {
    method: 'POST',
    headers: { ...basic(ADMIN.username, ADMIN.password), ...JSON_BODY },
    body: JSON.stringify({
      query: 'mutation { updateViewer(input: { volumeUnit: M3 }) { volumeUnit } }',
    }),
  });
  expect(status).toBe(200);
  sensor = await SensorPage.open(web, next, range, { user: ADMIN });
  await sensor.page
    .getByText('With Old meter, which it replaced: 31.80 m³ in the range.')
    .waitFor();
  await sensor.page.context().close();
  sensor = await SensorPage.open(web, next, range);
  await sensor.page
    .getByText('With Old meter, which it replaced: 200.00 bbl in the range.')
    .waitFor();
  expect(await sensor.figure('Volume in the range').textContent()).toBe('100.00 bbl');
  await sensor.page.getByRole('link', { name: 'Old meter' }).click();
  await sensor.page.getByRole('heading', { name: 'Old meter' }).waitFor();
});
