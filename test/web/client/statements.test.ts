import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { verifyStatement } from '../../../src/domain/statements/verify.js';
import { ADMIN, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
  const { calendars } = web.server.services;
  await calendars.save(web.ours.principal, {
    ...{ name: 'Texas', timeZone: 'America/Chicago', dayStart: '07:00' },
  });
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const dialog = () => page.getByRole('dialog');
const button = (name: string) => page.getByRole('button', { name });
const row = (number: number) =>
  page.getByRole('row').filter({ has: page.getByText(String(number), { exact: true }) });

/** The days before today, as `2026-10-31`. */
const daysAgo = (count: number) =>
  new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);

test('an administrator issues a statement of contract days, reads its figures and downloads its files', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('link', { name: 'Statements' }).click();
  await page.getByText('No statement was issued yet.').waitFor();
  await button('Issue a statement').click();
  await dialog().getByLabel('Calendar').selectOption('Texas');
  await dialog().getByLabel('First day').fill(daysAgo(4));
  await dialog().getByLabel('Last day').fill(daysAgo(3));
  await dialog().getByLabel('Only these').check();
  await dialog().getByRole('button', { name: 'Issue' }).click();
  await dialog().getByText('Must name 1 to 200 sensors').waitFor();
  await dialog().getByRole('searchbox').fill('Midland pump');
  await dialog().getByRole('checkbox', { name: 'Midland pump' }).check();
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog().getByRole('button', { name: 'Issue' }).click();
  await row(1).waitFor();

  const downloaded = async (format: string) => {
    const download = page.waitForEvent('download');
    await row(1)
      .getByRole('link', { name: `${format} of statement 1` })
      .click();
    return readFile(await (await download).path());
  };
  const json = String(await downloaded('JSON'));
  expect(verifyStatement(json).problems).toEqual([]);
  const { statement } = JSON.parse(json);
  expect(statement.sensors.map(({ id }: { id: number }) => id)).toEqual([web.sensors.flowing]);
  const local = (instant: string) =>
    new Date(instant).toLocaleString('sv', { timeZone: 'America/Chicago' });
  expect([local(statement.start), local(statement.end)]).toEqual([
    `${daysAgo(4)} 07:00:00`,
    `${daysAgo(2)} 07:00:00`,
  ]);
  expect(await row(1).textContent()).toContain(`${figure(statement.volume)} bbl`);
  expect(statement.volume).toBeGreaterThan(0);
  expect(await row(1).textContent()).toMatch(/07:00:00 to .* 07:00:00Texas, America\/Chicago/);
  expect((await downloaded('PDF')).subarray(0, 5).toString()).toBe('%PDF-');
});

test('a statement is replaced by another one with a reason, and the list says so', async () => {
  page = await web.open('/app/statements', { user: ADMIN });
  await row(1).waitFor();
  await button('Issue a statement').click();
  await dialog().getByLabel('First day').fill(daysAgo(3));
  await dialog().getByLabel('Last day').fill(daysAgo(3));
  await dialog().getByLabel('Replaces statement number').fill('one');
  await dialog().getByRole('button', { name: 'Issue' }).click();
  await dialog().getByText('Must be a whole number; got one.').waitFor();
  await dialog().getByLabel('Replaces statement number').fill('1');
  await dialog().getByLabel('Reason').fill('a sensor was missing');
  await dialog().getByRole('button', { name: 'Issue' }).click();
  await page.getByRole('status').getByText('Statement 2 was issued:').waitFor();
  await row(1).getByText('Superseded by 2').waitFor();
  const text = await row(2).textContent();
  expect(text).toContain('version 2');
  expect(text).toContain('a sensor was missing');
  expect(text).toContain('and 2 more');
  expect(await web.problems(page)).toEqual([]);
});

test('no statement is issued where the group of the address is unknown or cannot be read, and the page says why', async () => {
  for (const group of ['999999', 'north', '']) {
    page = await web.open(`/app/statements?group=${group}`, { user: ADMIN });
    await page.getByRole('alert').getByText('there is no group with the id').waitFor();
    expect(await button('Issue a statement').isDisabled()).toBe(true);
    expect(await web.problems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Statements of any sensors' }).click();
    expect(await button('Issue a statement').isEnabled()).toBe(true);
    await web.keep(page);
  }
  page = await web.open('/app/', { user: ADMIN });
  let isRefused = true;
  await page.route('**/graphql', async (route) => {
    const isGroup = route.request().postData()?.includes('GroupToState') ?? false;
    if (!isGroup || !isRefused) return route.fallback();
    const errors = [{ message: 'Service temporarily unavailable, try again later.' }];
    return route.fulfill({ json: { errors } });
  });
  await page.goto('/app/statements?group=1');
  await page.getByRole('alert').getByText('Service temporarily unavailable').waitFor();
  expect(await button('Issue a statement').isDisabled()).toBe(true);
  isRefused = false;
  await button('Try again').click();
  await page.getByRole('alert').getByText('there is no group with the id').waitFor();
});

test('a viewer reads statements and issues none', async () => {
  page = await web.open('/app/statements', { user: USER });
  await row(2).waitFor();
  expect(await button('Issue a statement').count()).toBe(0);
});

test('the page of statements requests no other host and logs no error', () => {
  const hosts = new Set(web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(web.server.url).host]);
  expect(web.errors).toEqual([]);
});

function figure(volume: number): string {
  return volume.toLocaleString('en-US', { minimumFractionDigits: 6 });
}
