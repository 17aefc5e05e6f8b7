import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, signIn, startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
// Each begins with nothing in the browser's cache.
afterEach(() => page.context().close());

const notice = () => page.locator('.top-bar').getByText('The server cannot be reached.');
const link = (name: string) => page.getByRole('link', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const dialog = () => page.getByRole('dialog').last();
const hasFocus = (locator: ReturnType<Page['locator']>) =>
  locator.evaluate((element) => element === document.activeElement);

async function open(path: string): Promise<void> {
  page = await web.open(path, { user: ADMIN });
}

test('a lost connection is reported on every page until the server can be reached again', async () => {
  await open('/app/developers');
  await heading('Developers').waitFor();
  await page.context().setOffline(true);
  await notice().waitFor();
  expect(await web.violations(page)).toEqual([]);
  await page.context().setOffline(false);
  await notice().waitFor({ state: 'detached' });
});

test('a page that failed to load without a connection opens once the server can be reached', async () => {
  await open('/app/');
  await link('Midland pump').waitFor();
  await page.context().setOffline(true);
  await link('Developers').click();
  await page.locator('main').getByText('The server cannot be reached.').waitFor();
  await link('Overview').click();
  await heading('Overview').waitFor();
  await link('Developers').click();
  await page.locator('main').getByText('This page could not be loaded.').waitFor();
  await page.context().setOffline(false);
  await heading('Developers').waitFor();
  expect(await page.getByText('could not be loaded').count()).toBe(0);
});

test('a page of an older version says that Flowgate was updated, and others still open', async () => {
  await open('/app/');
  await link('Midland pump').waitFor();
  await page.route('**/assets/**', (route) => route.fulfill({ status: 404 }));
  await link('Developers').click();
  await page.getByText('Flowgate was updated: reload').waitFor();
  await link('Overview').click();
  await link('Midland pump').waitFor();
  expect(await page.getByText('could not be loaded').count()).toBe(0);
  await page.unroute('**/assets/**');
  await link('Developers').click();
  await heading('Developers').waitFor();
});

test('a session that ends while a dialog is open keeps what was typed', async () => {
  await open('/app/developers');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const url = page.getByRole('textbox', { name: 'URL' });
  await url.fill('http://127.0.0.1:9/typed');
  const cookies = await page.context().cookies();
  await page.context().clearCookies({ name: 'flowgate_session' });
  await dialog().getByText('Your session has ended.').waitFor();
  await dialog().getByRole('button', { name: 'Continue' }).click();
  await dialog().getByText('You are still signed out.').waitFor();
  expect(await web.violations(page)).toEqual([]);
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    dialog().getByRole('link', { name: 'Sign in in a new tab' }).click(),
  ]);
  await signIn(tab, ADMIN);
  await tab.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
  await tab.close();
  expect(await page.context().cookies()).not.toEqual(cookies);
  // Back on the page it continues by itself, at the latest when it is asked to.
  const resume = dialog().getByRole('button', { name: 'Continue' });
  await resume.click().catch(() => undefined);
  await resume.waitFor({ state: 'detached' });
  expect(await url.inputValue()).toBe('http://127.0.0.1:9/typed');
  await dialog().getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByRole('article', { name: 'http://127.0.0.1:9/typed' }).waitFor();
  await page.getByText(ADMIN.username, { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('the account menu closes on the Escape key and on a click outside of it', async () => {
  await open('/app/developers');
  const summary = page.locator('summary', { hasText: ADMIN.username });
  const signOut = page.getByRole('button', { name: 'Sign out', exact: true });
  await summary.click();
  await signOut.waitFor();
  await page.keyboard.press('Escape');
  await signOut.waitFor({ state: 'hidden' });
  expect(await hasFocus(summary)).toBe(true);
  await summary.click();
  await signOut.waitFor();
  await heading('Developers').click();
  await signOut.waitFor({ state: 'hidden' });
});

test('on a narrow screen the pages are one row with a menu, which opens and closes by keyboard', async () => {
  await open('/app/developers');
  await heading('Developers').waitFor();
  const menu = page.getByRole('button', { name: 'Menu' });
  await menu.waitFor({ state: 'hidden' });
  await page.setViewportSize({ width: 375, height: 800 });
  const height = () => page.locator('.top-bar').evaluate((bar) => bar.clientHeight);
  expect(await height()).toBeLessThan(64);
  expect(await menu.getAttribute('aria-expanded')).toBe('false');
  await link('Groups').waitFor({ state: 'hidden' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await link('Groups').waitFor();
  expect(await menu.getAttribute('aria-expanded')).toBe('true');
  expect(await height()).toBeLessThan(64);
  expect(await web.violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  expect(await hasFocus(link('Overview'))).toBe(true);
  await page.keyboard.press('Escape');
  await link('Groups').waitFor({ state: 'hidden' });
  expect(await hasFocus(menu)).toBe(true);
  await menu.click();
  await link('Groups').waitFor();
  await page.mouse.click(187, 790);
  await link('Groups').waitFor({ state: 'hidden' });
  await menu.click();
  await link('Groups').click();
  await heading('Groups').waitFor();
  await link('Groups').waitFor({ state: 'hidden' });
  expect(await web.problems(page)).toEqual([]);
});

test('after a navigation the focus is on the heading of the new page', async () => {
  await open('/app/');
  await heading('Overview').waitFor();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await link('Developers').focus();
  await page.keyboard.press('Enter');
  await page.locator('h1:focus', { hasText: 'Developers' }).waitFor();
  await page.goBack();
  await page.locator('h1:focus', { hasText: 'Overview' }).waitFor();
});

test('a dialog that is closed returns the focus to the button that opened it', async () => {
  await open('/app/developers');
  const add = page.getByRole('button', { name: 'Add endpoint' });
  await add.click();
  await page.getByRole('textbox', { name: 'URL' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await hasFocus(add)).toBe(true);

  const create = page.getByRole('button', { name: 'Create token' });
  await create.click();
  await dialog().getByLabel('Name').fill('focus');
  await dialog().getByRole('button', { name: 'Create token' }).click();
  await dialog().getByRole('button', { name: 'Done, I have it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await hasFocus(create)).toBe(true);
});
