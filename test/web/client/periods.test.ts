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

const DAY_MS = 86_400_000;
const dialog = () => page.getByRole('dialog');
const button = (name: string) => page.getByRole('button', { name, exact: true });
const status = (text: string) => page.getByRole('status').getByText(text).waitFor();
const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const days = (ago: number) => dayOf(Date.now() - ago * DAY_MS);

test('without a group the page says how to make one', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('link', { name: 'Periods' }).click();
  await page.getByText('there is no group yet').waitFor();
  expect(await web.violations(page)).toEqual([]);
});

test('an administrator closes a period, accepts what late readings change, and reopens it', async () => {
  const { groups, pings } = web.server.services;
  const { principal } = web.ours;
  const { id } = await groups.create(principal, { name: 'Lease 7' });
  const { flowing, outage } = web.sensors;
  await groups.setMembers(principal, id, [
    { sensorId: flowing, direction: 'IN' },
    { sensorId: outage, direction: null },
  ]);
  page = await web.open('/app/periods', { user: ADMIN });
  await page.getByText('No period was closed yet.').waitFor();
  await button('Close a period').click();
  await dialog().getByLabel('First day').fill(days(2));
  await dialog().getByLabel('Last day').fill(days(1));
  const previewed = await dialog()
    .getByRole('row')
    .filter({ hasText: 'Midland pump' })
    .textContent();
  expect(previewed).toMatch(/in\d/);
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog().getByRole('button', { name: 'Close the period' }).click();
  await status('The period was closed.');
  await button('Figures').click();
  await page.getByText('Nothing has changed these figures').waitFor();
  expect(await row('Midland pump').textContent()).toBe(previewed);

  const late = { sensorId: outage, flowrate: 90_000, datetime: new Date(`${days(1)}T12:01:00Z`) };
  await pings.record(principal, [late], { onConflict: 'REJECT' });
  await page.reload();
  await row('late readings').getByText('Pending').waitFor();
  expect(await web.problems(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await row('late readings').getByRole('button', { name: 'Accept' }).click();
  await dialog().getByLabel('Comment').fill('the radio was down');
  await dialog().getByRole('button', { name: 'Accept' }).click();
  await row('late readings').getByText('Accepted').waitFor();
  expect(await row('late readings').textContent()).toContain('the radio was down');

  await button('Reopen…').click();
  await dialog().getByLabel('Reason').fill('closed too early');
  await dialog().getByRole('button', { name: 'Reopen' }).click();
  await status('The period was reopened.');
  await row('closed too early').getByText('Reopened').waitFor();
});

test('a period whose readings are not complete is closed only with a reason', async () => {
  const { groups } = web.server.services;
  const { id } = await groups.create(web.ours.principal, { name: 'Lease 8' });
  await groups.setMembers(web.ours.principal, id, [
    { sensorId: web.sensors.stale, direction: null },
  ]);
  page = await web.open(`/app/periods?group=${id}`, { user: ADMIN });
  await button('Close a period').click();
  await dialog().getByLabel('First day').fill(days(2));
  await dialog().getByLabel('Last day').fill(days(1));
  await dialog().getByText('Readings up to the end are missing of Crane lateral.').waitFor();
  await dialog().getByRole('button', { name: 'Close anyway' }).click();
  await dialog()
    .getByLabel('Why it is closed all the same')
    .and(page.locator('[aria-invalid="true"]'))
    .waitFor();
  await dialog().getByLabel('Why it is closed all the same').fill('the meter was removed');
  await dialog().getByRole('button', { name: 'Close anyway' }).click();
  await row('the meter was removed').getByText('Closed', { exact: true }).waitFor();
  expect(await dialog().count()).toBe(0);
});

test('a viewer reads periods and decides nothing', async () => {
  page = await web.open('/app/periods', { user: USER });
  await row('closed too early').waitFor();
  await page.getByRole('button', { name: 'Figures' }).first().click();
  await page.getByText('Figures as it was closed').waitFor();
  for (const name of ['Close a period', 'Reopen…', 'Accept']) {
    expect(await button(name).count()).toBe(0);
  }
  expect(web.errors).toEqual([]);
});
