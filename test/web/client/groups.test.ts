import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const dialog = () => page.getByRole('dialog');
const names = () => page.locator('.sensor-table tbody th a').allTextContents();

test('sensors are selected into a new group, added to it and taken out, and the list and its totals are of the group', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByLabel('Select Midland pump').check();
  await page.getByLabel('Select Tank transfer').check();
  await page.getByRole('button', { name: 'Group…' }).click();
  await dialog().getByLabel('Name').fill('North battery');
  expect(await web.violations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Add to the group' }).click();
  await page.getByLabel('Group', { exact: true }).selectOption('North battery');
  await page.getByText('2 of 5').waitFor();
  expect((await names()).sort()).toEqual(['Midland pump', 'Tank transfer']);
  expect(new URL(page.url()).searchParams.get('group')).toMatch(/^\d+$/);
  expect(await web.problems(page)).toEqual([]);

  await page.getByRole('button', { name: 'Select none' }).click();
  await page.getByLabel('Select Tank transfer').check();
  await page.getByRole('button', { name: 'Group…' }).click();
  await dialog().getByLabel('Group', { exact: true }).selectOption('North battery');
  await dialog().getByLabel('What to do').selectOption('Take the sensors out');
  await dialog().getByRole('button', { name: 'Take out of the group' }).click();
  await page.getByText('1 of 5').waitFor();
  expect(await names()).toEqual(['Midland pump']);
  const found = await web.server.services.groups.window(web.theirs.principal, {
    ...{ take: 10, from: 'first', after: undefined, before: undefined },
  });
  expect(found.groups).toEqual([]);
});

test('the volumes of a period and their total are of a group, also for a viewer, who makes no groups', async () => {
  page = await web.open('/app/', { user: USER });
  await page.getByLabel('Select Midland pump').check();
  await page.getByText('1 selected').waitFor();
  expect(await page.getByRole('button', { name: 'Group…' }).count()).toBe(0);
  await page.goto('/app/volumes');
  await page.getByLabel('Group', { exact: true }).selectOption('North battery');
  await page.getByText('Total of 1 sensor').waitFor();
  expect(await page.locator('.volumes-table tbody tr').textContent()).toContain('Midland pump');
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText('Total of 1 sensor').waitFor();
  expect(new URL(page.url()).searchParams.get('group')).toMatch(/^\d+$/);
  expect(web.errors).toEqual([]);
});
