import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { signIn, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

test('signing in leads to the page that was asked for', async () => {
  const page = await web.newPage();
  await page.goto(`/app/sensors/${web.sensors.flowing}?range=7d`);
  expect(new URL(page.url()).pathname).toBe('/app/login');
  await signIn(page);
  await page.getByRole('heading', { level: 1, name: 'Midland pump' }).waitFor();
  expect(page.url()).toBe(`${web.server.url}/app/sensors/${web.sensors.flowing}?range=7d`);
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === 'flowgate_session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
});

test('a wrong password is reported beside the form, which keeps the username', async () => {
  const page = await web.newPage();
  await page.goto('/app/login');
  await signIn(page, { ...USER, password: 'wrong' });
  await page.getByRole('alert').getByText('do not match').waitFor();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await page.getByLabel('Username').inputValue()).toBe('ada');
  expect(await page.getByLabel('Password').getAttribute('aria-invalid')).toBe('true');
  expect(await web.violations(page)).toEqual([]);
});

test('signing in works without scripts', async () => {
  const page = await web.newPage({ javaScriptEnabled: false });
  await page.goto('/app/');
  await signIn(page);
  expect(page.url()).toBe(`${web.server.url}/app/`);
  expect(await page.title()).toBe('Flowgate');
});

test.each(['light', 'dark'] as const)(
  'the sign-in form is accessible in the %s theme',
  async (colorScheme) => {
    const page = await web.newPage({ colorScheme });
    await page.goto('/app/login');
    expect(await web.violations(page)).toEqual([]);
  },
);

async function openOwn(): Promise<Page> {
  const page = await web.newPage();
  await page.goto('/app/');
  await signIn(page);
  return page;
}

test('after signing out, the pages lead to the sign-in form', async () => {
  const page = await openOwn();
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto('/app/');
  expect(new URL(page.url()).pathname).toBe('/app/login');
});

test('a page whose session ended leads to the sign-in form and back', async () => {
  const page = await openOwn();
  const elsewhere = await openOwn();
  await page.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
  await elsewhere.getByText('ada', { exact: true }).click();
  await elsewhere.getByRole('button', { name: 'Sign out everywhere' }).click();
  await elsewhere.getByRole('heading', { name: 'Sign in' }).waitFor();

  await page.getByRole('link', { name: 'Midland pump', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page);
  await page.getByRole('heading', { level: 1, name: 'Midland pump' }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/app\/sensors\/\d+$/);
});
