import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, signIn, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => page.context().close());

const row = (name: string) => page.getByRole('row').filter({ hasText: name });
const dialog = () => page.getByRole('dialog');

async function open(): Promise<void> {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByText(ADMIN.username).click();
  await page.getByRole('link', { name: 'Users' }).click();
  await row(ADMIN.username).waitFor();
}

test('an administrator adds a user, who signs in, is made administrator, and loses access when disabled', async () => {
  await open();
  const user = { username: 'bob', password: 'a first password' };
  await page.getByRole('button', { name: 'Add user' }).click();
  await dialog().getByRole('button', { name: 'Add user' }).click();
  await dialog().getByLabel('Username').and(page.locator('[aria-invalid="true"]')).waitFor();
  await dialog().getByLabel('Username').fill(user.username);
  await dialog().getByLabel('Password').fill(user.password);
  expect(await web.violations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Add user' }).click();
  await row('bob').waitFor();
  expect(await row('bob').textContent()).toContain('Viewer Active');

  const theirs = await web.newPage();
  await theirs.goto('/app/');
  await signIn(theirs, user);
  await theirs.getByRole('link', { name: 'Midland pump' }).waitFor();

  await page.getByRole('button', { name: 'Make administrator bob' }).click();
  await dialog().getByRole('button', { name: 'Make administrator' }).click();
  await row('bob').getByText('Administrator').first().waitFor();
  await page.getByRole('button', { name: 'Disable bob' }).click();
  await dialog().getByRole('button', { name: 'Disable' }).click();
  await row('bob').getByText('Disabled').waitFor();
  await theirs.goto('/app/');
  await theirs.getByRole('button', { name: 'Sign in' }).waitFor();
  await theirs.context().close();
});

test('administrators cannot take access from themselves', async () => {
  await open();
  expect(await row(ADMIN.username).getByRole('button').count()).toBe(0);
});

test('a viewer has no list of users', async () => {
  page = await web.open('/app/users', { user: USER });
  await page.getByText('Only administrators see the users.').waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
});

test('the users page is accessible and fits in both themes and at both widths', async () => {
  await open();
  expect(await web.problems(page)).toEqual([]);
});

test('the system page shows administrators the state of the server, is accessible and fits', async () => {
  await open();
  await page.getByText(ADMIN.username).first().click();
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByText('0 pending').waitFor();
  expect(await web.problems(page)).toEqual([]);
  await page.context().close();
  page = await web.open('/app/system', { user: USER });
  await page.getByText('Only administrators see the state of the server.').waitFor();
});
