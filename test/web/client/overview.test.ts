import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { accountServices } from '../../helpers/accounts.js';
import { ADMIN, signIn, startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  page = await web.open('/app/');
  await page.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
});
afterEach(() => web.keep(page));

const row = (name: string) => page.getByRole('row').filter({ hasText: name });
const names = () => page.getByRole('rowheader').getByRole('link').allTextContents();
const firstIs = (name: string) =>
  page.getByRole('rowheader').first().getByRole('link', { name }).waitFor();
const total = async (name: string) => {
  const figure = page.locator('.figure').filter({ hasText: name });
  return figure.locator('dd').textContent();
};

describe('The overview', () => {
  test('the overview shows every sensor with its reading, age, 24 h volume and measured time', async () => {
    expect(await row('Midland pump').textContent()).toMatch(
      /Flowing24,000 bbl\/d1 min\. ago2[34],\d{3}\.\d\d bbl100 %/,
    );
    expect(await row('Spare meter').textContent()).toContain('No data–––0 %');
  });

  test('the overview shows the tags of sensors, and only those with a tag that is chosen', async () => {
    const { services } = web.server;
    const { principal } = web.ours;
    expect(await page.getByLabel('Tag', { exact: true }).count()).toBe(0);
    await services.sensors.update(principal, web.sensors.stale, { tags: ['North', 'LACT'] });
    await services.sensors.update(principal, web.sensors.reverse, { tags: ['north'] });
    await page.reload();
    const tags = row('Crane lateral').getByRole('list', { name: 'Tags' });
    await tags.waitFor();
    expect(await tags.getByRole('link').allTextContents()).toEqual(['North', 'LACT']);
    await page.getByLabel('Tag', { exact: true }).selectOption('lact');
    await page.getByText('1 of 5').waitFor();
    expect(new URL(page.url()).searchParams.get('tag')).toBe('lact');
    await tags.getByRole('link', { name: 'North' }).click();
    await page.getByText('2 of 5').waitFor();
    await page.getByRole('button', { name: 'Stale 1' }).click();
    await page.getByText('1 of 5').waitFor();
    await page.reload();
    await page.getByText('1 of 5').waitFor();
    await page.getByRole('button', { name: 'All 2' }).click();
    await page.getByLabel('Tag', { exact: true }).selectOption('All tags');
    await page.getByText('5 of 5').waitFor();
    for (const id of [web.sensors.stale, web.sensors.reverse]) {
      await services.sensors.update(principal, id, { tags: [] });
    }
  });

  test('the overview names stale sensors, outages and reverse flow in words', async () => {
    expect(await row('Crane lateral').textContent()).toContain('Stale');
    expect(await row('Crane lateral').locator('.sparkline-outage').count()).toBe(1);
    expect(await row('Wink gathering').textContent()).toContain('1 outage');
    expect(await row('Tank transfer').textContent()).toContain('Reverse');
  });

  test('the overview finds sensors by part of the name, and totals those found', async () => {
    expect(await total('Sensors shown')).toBe('5 of 5');
    await page.getByRole('searchbox').fill('TANK');
    await page.getByText('1 of 5').waitFor();
    expect(await names()).toEqual(['Tank transfer']);
    expect(await total('Volume, last 24 h')).toMatch(/^-4,[5-7]\d\d\.\d\d bbl$/);
    await page.getByRole('searchbox').fill('nowhere');
    await page.getByText('No sensors match').waitFor();
    await page.getByRole('button', { name: 'Show all sensors' }).click();
    await page.getByText('5 of 5').waitFor();
  });

  test('the overview filters by state and sorts by any column; the address holds both', async () => {
    await page.getByRole('button', { name: 'Stale 1' }).click();
    await page.getByText('1 of 5').waitFor();
    expect(await names()).toEqual(['Crane lateral']);
    await page.getByRole('button', { name: 'All 5' }).click();
    await page.getByRole('button', { name: '24 h volume' }).click();
    await page.locator('[aria-sort="descending"]').waitFor();
    await firstIs('Midland pump');
    await page.getByRole('button', { name: '24 h volume' }).click();
    await page.locator('[aria-sort="ascending"]').waitFor();
    await firstIs('Tank transfer');
    expect(page.url()).toMatch(/\?sort=volume$/);
    await page.reload();
    await firstIs('Tank transfer');
  });

  test('a new reading shows at once, and a sensor that was stale is no longer', async () => {
    const { services } = web.server;
    const { principal } = web.ours;
    expect(await row('Spare meter').textContent()).toContain('No data');
    const reading = { sensorId: web.sensors.empty, flowrate: 4321, datetime: new Date() };
    await services.pings.record(principal, [reading], { onConflict: 'REJECT' });
    await row('Spare meter').getByText('4,321 bbl/d').waitFor({ timeout: 15_000 });
    expect(await row('Spare meter').textContent()).toContain('Flowing4,321 bbl/djust now');
    const ended = { start: new Date(0), end: new Date(Date.now() + 1000) };
    await services.pings.delete(principal, web.sensors.empty, ended, { dryRun: false });
  });

  test('the way back from a sensor leads to the overview as it was left', async () => {
    await page.getByRole('searchbox').fill('tank');
    await page.getByText('1 of 5').waitFor();
    await page.getByRole('link', { name: 'Tank transfer', exact: true }).click();
    await page.getByRole('link', { name: 'All sensors' }).click();
    await page.getByText('1 of 5').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('tank');
    expect(await names()).toEqual(['Tank transfer']);
  });

  test('the overview says which 24 hours its figures are of, and its rows add up to their total', async () => {
    expect(await page.locator('.totals').textContent()).toMatch(
      /Of the sensors shown, .* \d\d:\d\d – .* \d\d:\d\d/,
    );
    const hundredths = (text: string) => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);
    const volumes = await page.locator('tbody .volume').allTextContents();
    const sum = volumes.reduce((all, text) => all + (text === '–' ? 0 : hundredths(text)), 0);
    expect(hundredths((await total('Volume, last 24 h'))!)).toBe(sum);
  });

  test('the overview draws the sensors on a map without another host', async () => {
    const marks = page.locator('.sensor-map-mark');
    expect(await marks.count()).toBe(4);
    await page.locator('.sensor-map-outlines').waitFor({ state: 'attached' });
    await page.getByText('1 sensor has no coordinates').waitFor();
    await marks.filter({ hasText: 'Wink gathering' }).click();
    await page.getByRole('heading', { level: 1, name: 'Wink gathering' }).waitFor();
  });

  test('the overview loads less than 300 kB of compressed scripts', async () => {
    const other = await web.newPage({ storageState: await page.context().storageState() });
    const scripts = new Map<string, Promise<number>>();
    other.on('response', (response) => {
      if (!new URL(response.url()).pathname.endsWith('.js')) return;
      scripts.set(
        response.url(),
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await other.goto('/app/');
    await other.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
    const sizes = await Promise.all(scripts.values());
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    await other.context().close();
  });

  test('the overview is accessible and fits in both themes and at both widths', async () => {
    expect(await web.problems(page)).toEqual([]);
  });

  test('the theme that is chosen is kept', async () => {
    await page.getByLabel('Theme').selectOption('Dark');
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    await page.reload();
    expect(await background()).toBe(dark);
    await page.getByLabel('Theme').selectOption('Light');
    expect(await background()).not.toBe(dark);
  });
});

test('500 sensors come with one GraphQL request, and each is a row that can be found', async () => {
  const { services } = web.server;
  const user = { username: 'max', password: 'a right password' };
  await accountServices(web.test.database).accounts.create('large');
  const principal = await accountServices(web.test.database).accounts.operatorIn({ name: 'large' });
  await accountServices(web.test.database).users.create(principal, user);
  const datetime = new Date(Date.now() - 60_000);
  const made = Array.from({ length: 500 }, (_, index) => `Well ${index}`);
  const ids = await Promise.all(
    made.map(async (name) => (await services.sensors.create(principal, { name })).id),
  );
  const pings = ids.map((sensorId, index) => ({ sensorId, flowrate: index + 1, datetime }));
  await services.pings.record(principal, pings, { onConflict: 'REJECT' });

  page = await web.newPage();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) asked.push(request.postData() ?? '');
  });
  await page.goto('/app/');
  await signIn(page, user);
  await page.getByText('500 of 500').waitFor();
  expect(await names()).toEqual(made);
  expect(asked.filter((body) => body.includes('"operationName":"Overview"'))).toHaveLength(1);
  await page.getByRole('link', { name: 'Well 499', exact: true }).click();
  await page.locator('.last-reading').getByText('500 bbl/d').waitFor();
  await page.context().close();
});

test('an administrator drags a sensor to another place of the map, and confirms it; a viewer cannot', async () => {
  expect(await page.getByRole('button', { name: 'Move sensors' }).count()).toBe(0);
  await web.keep(page);
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('button', { name: 'Move sensors' }).click();
  const mark = page.locator('.sensor-map-mark').filter({ hasText: 'Midland pump' });
  const drag = async () => {
    const { x, y } = (await mark.boundingBox())!;
    await page.mouse.move(x + 11, y + 11);
    await page.mouse.down();
    await page.mouse.move(x + 51, y - 19, { steps: 3 });
    await page.mouse.up();
  };
  const dialog = page.getByRole('dialog', { name: 'Move Midland pump' });
  await drag();
  await dialog.getByText('From 32.0000° N, 102.0000° W to').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await drag();
  const to = await dialog.locator('strong').textContent();
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const { sensors } = web.server.services;
  const id = web.sensors.flowing;
  const { latitude, longitude } = (await sensors.find(web.ours.principal, [id])).get(id)!;
  expect(to).toBe(`${latitude!.toFixed(4)}° N, ${(-longitude!).toFixed(4)}° W`);
  expect([latitude! > 32, longitude! > -102]).toEqual([true, true]);
  await sensors.update(web.ours.principal, id, { latitude: 32, longitude: -102 });
});

test('marks of the map that would overlap are a button that parts them, also by keyboard and at one place', async () => {
  const { services } = web.server;
  const user = { username: 'wes', password: 'a right password' };
  const { accounts, users } = accountServices(web.test.database);
  await accounts.create('wells');
  const principal = await accounts.operatorIn({ name: 'wells' });
  await users.create(principal, user);
  for (const [name, latitude] of [
    ['Well A', 32],
    ['Well B', 32],
    ['Well C', 32],
    ['Well D', 32.1],
    ['Well E', 37],
  ] as const) {
    await services.sensors.create(principal, { name, latitude, longitude: -102 });
  }
  page = await web.newPage();
  await page.goto('/app/');
  await signIn(page, user);
  const apart = (count: number) =>
    page.getByRole('button', { name: `Show ${count} sensors apart (${count} no data): Well A` });
  const mark = (name: string) => page.locator('.sensor-map').getByRole('link', { name });
  await apart(4).focus();
  const ring = () =>
    page.evaluate(() => {
      const focused = document.activeElement!.querySelector('.sensor-map-ring')!;
      return getComputedStyle(focused).stroke;
    });
  await page.keyboard.press('Tab');
  expect(await ring()).not.toBe('none');
  await mark('Well E').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await mark('Well D').waitFor();
  await page.keyboard.press('Tab');
  await apart(3).and(page.locator(':focus')).waitFor();
  expect(await web.violations(page)).toEqual([]);
  await page.keyboard.press('Space');
  await mark('Well B').waitFor();
  const boxes = await Promise.all(
    ['Well A', 'Well B', 'Well C'].map(async (name) => (await mark(name).boundingBox())!),
  );
  for (const [index, { x, y, width }] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(width / 2);
    }
  }
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Well B' }).waitFor();
  await page.context().close();
});

test('the overview of an account without sensors says what to do first', async () => {
  const { users } = accountServices(web.test.database);
  await users.create(web.theirs.principal, { username: 'eve', password: 'a right password' });
  const other = await web.newPage();
  await other.goto('/app/');
  await signIn(other, { username: 'eve', password: 'a right password' });
  await other.getByText('There are no sensors yet').waitFor();
  expect(await web.violations(other)).toEqual([]);
});

test('no page requested another host, and none reported an error to its console', () => {
  const hosts = new Set(web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(web.server.url).host]);
  expect(web.errors).toEqual([]);
});
