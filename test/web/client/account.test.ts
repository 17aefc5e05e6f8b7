import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn, startWeb, USER, type Web } from '../../helpers/web.js';

let web: Web;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

test('a user ends a session of another browser, and changes the own password with the current one', async () => {
  const elsewhere = await web.newPage();
  await elsewhere.goto('/app/');
  await signIn(elsewhere);
  await elsewhere.getByRole('heading', { name: 'Overview' }).waitFor();
  const page = await web.open('/app/');
  await page.getByText(USER.username).click();
  await page.getByRole('link', { name: 'Password and sessions' }).click();
  await page.getByText('(this one)').waitFor();
  expect(await page.getByRole('row').nth(1).textContent()).toMatch(
    /^Chrome on Linux.*127\.0\.0\.1/,
  );
  expect(await web.problems(page)).toEqual([]);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Sign out Chrome on Linux' }).click();
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('The browser is signed out.').waitFor();
  await elsewhere.goto('/app/');
  await signIn(elsewhere);

  await page.getByRole('button', { name: 'Change password' }).click();
  const submit = () => dialog.getByRole('button', { name: 'Change password' }).click();
  await dialog.getByLabel('Current password').fill('a wrong one');
  await dialog.getByLabel('New password', { exact: true }).fill('a new password');
  await dialog.getByLabel('New password again').fill('another');
  await submit();
  await dialog.getByText('Must be the same as the new password.').waitFor();
  await dialog.getByLabel('New password again').fill('a new password');
  await submit();
  await dialog.getByText('Must be your current password.').waitFor();
  expect(await web.violations(page)).toEqual([]);
  await dialog.getByLabel('Current password').fill(USER.password);
  await submit();
  await page.getByText('Your password was changed.').waitFor();
  await elsewhere.goto('/app/');
  await signIn(elsewhere, { ...USER, password: 'a new password' });
  await elsewhere.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Password and sessions' }).waitFor();
});
