import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { URI, type TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { ADMIN, signIn, startWeb, USER, type Web } from '../../helpers/web.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

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
  await theirs.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Make administrator bob' }).click();
  await dialog().getByRole('button', { name: 'Make administrator' }).click();
  await row('bob').getByText('Administrator').first().waitFor();
  await page.getByRole('button', { name: 'Sessions of bob' }).click();
  await dialog().getByRole('button', { name: 'Sign out everywhere' }).click();
  await dialog().getByText('The user is signed in with no browser.').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).click();
  await theirs.goto('/app/');
  await signIn(theirs, user);
  await theirs.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Disable bob' }).click();
  await dialog().getByRole('button', { name: 'Disable' }).click();
  await row('bob').getByText('Disabled').waitFor();
  await theirs.goto('/app/');
  await theirs.getByRole('button', { name: 'Sign in' }).waitFor();
  await theirs.context().close();
});

test('an administrator invites a person by a link, who opens it once, chooses a password and is signed in', async () => {
  await open();
  await page.getByRole('button', { name: 'Invite user' }).click();
  await dialog().getByLabel('Username').fill('in:valid');
  await dialog().getByRole('button', { name: 'Create link' }).click();
  await dialog().getByText('Must not contain a colon.').waitFor();
  await dialog().getByLabel('Username').fill('dora');
  expect(await web.problems(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Create link' }).click();
  const link = (await page.getByTestId('new-link').textContent())!;
  const code = link.split('#')[1]!;
  await dialog().getByRole('button', { name: 'Done, I have it' }).click();
  await row('dora').getByText('Viewer').waitFor();
  expect(await web.problems(page)).toEqual([]);

  const theirs = await web.newPage();
  await theirs.goto(link);
  await theirs.getByText('You are invited to the account').waitFor();
  expect(await theirs.getByLabel('Username').inputValue()).toBe('dora');
  expect(await web.problems(theirs)).toEqual([]);
  await theirs.getByLabel('Password', { exact: true }).fill('her own password');
  await theirs.getByLabel('Password again').fill('another');
  await theirs.getByRole('button', { name: 'Create my user' }).click();
  await theirs.getByText('Must be the same both times.').waitFor();
  await theirs.getByLabel('Password', { exact: true }).fill('her own password');
  await theirs.getByLabel('Password again').fill('her own password');
  await theirs.getByRole('button', { name: 'Create my user' }).click();
  await theirs.getByRole('link', { name: 'Midland pump', exact: true }).waitFor();
  const sent = web.requested.map(({ pathname, search }) => pathname + search);
  expect(sent).toContain('/app/invitation/accept');
  expect(sent.filter((address) => address.includes(code))).toEqual([]);

  await theirs.goto(link);
  await theirs.getByRole('heading', { name: 'This invitation has been used' }).waitFor();
  expect(await web.problems(theirs)).toEqual([]);
  await theirs.context().close();
});

test('an administrator revokes an invitation, whose link then says so', async () => {
  const { invitations } = web.server.services;
  const { code } = await invitations.create(web.ours.principal, { username: 'erin', days: 7 });
  await open();
  await page.getByRole('button', { name: 'Revoke the invitation of erin' }).click();
  await dialog().getByRole('button', { name: 'Revoke' }).click();
  await row('erin').waitFor({ state: 'detached' });
  const theirs = await web.newPage();
  await theirs.goto(`/app/invitation#${code}`);
  await theirs.getByRole('heading', { name: 'This invitation was revoked' }).waitFor();
  expect(await theirs.getByLabel('Password').count()).toBe(0);
  await theirs.context().close();
});

test('an administrator sees where a user is signed in, and ends one session alone', async () => {
  const user = { username: 'frank', password: 'his password' };
  await web.server.services.users.create(web.ours.principal, user);
  const [kept, ended] = [await web.newPage(), await web.newPage({ userAgent: FIREFOX })];
  for (const each of [kept, ended]) {
    await each.goto('/app/account');
    await signIn(each, user);
    await each.getByText('(this one)').waitFor();
  }
  await open();
  await page.getByRole('button', { name: 'Sessions of frank' }).click();
  await dialog().getByRole('row').filter({ hasText: '127.0.0.1' }).nth(1).waitFor();
  expect(await web.problems(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Sign out Firefox on Linux' }).click();
  await dialog().getByText('The browser is signed out.').waitFor();
  await dialog().getByRole('row').filter({ hasText: 'Firefox' }).waitFor({ state: 'detached' });
  await ended.goto('/app/account');
  await ended.getByRole('button', { name: 'Sign in' }).waitFor();
  await kept.goto('/app/account');
  await kept.getByText('(this one)').waitFor();
  await Promise.all([kept.context().close(), ended.context().close()]);
});

test('a user sets up a second factor by its QR code, signs in with a code, and is reset', async () => {
  await open();
  const { users } = web.server.services;
  const user = { username: 'carol', password: 'her password' };
  await users.create(web.ours.principal, user);
  const theirs = await web.newPage();
  await theirs.goto('/app/account');
  await signIn(theirs, user);
  await theirs.getByRole('button', { name: 'Set up' }).click();
  await theirs.getByLabel('Current password').fill('wrong');
  await theirs.getByRole('button', { name: 'Continue' }).click();
  await theirs.getByText('Must be your current password.').waitFor();
  await theirs.getByLabel('Current password').fill(user.password);
  await theirs.getByRole('button', { name: 'Continue' }).click();
  await theirs.getByRole('img', { name: 'QR code of the secret' }).waitFor();
  expect(await web.problems(theirs)).toEqual([]);
  const scanned = await scan(theirs);
  const totp = URI.parse(scanned) as TOTP;
  expect(totp.secret.base32).toBe(await theirs.getByTestId('totp-secret').textContent());
  await theirs.getByRole('textbox', { name: 'Code' }).fill(totp.generate());
  await theirs.getByRole('button', { name: 'Turn on' }).click();
  const codes = theirs.getByRole('region', { name: 'Recovery codes' });
  expect((await codes.textContent())!.split('\n')).toHaveLength(10);
  expect(await web.violations(theirs)).toEqual([]);
  await theirs.getByRole('button', { name: 'Done, I have them' }).click();
  await theirs.getByText('10 of 10 recovery codes are left.').waitFor();

  await theirs.context().clearCookies();
  await theirs.goto('/app/account');
  await signIn(theirs, user);
  await theirs.getByLabel('Code').fill(totp.generate({ timestamp: Date.now() + 30_000 }));
  expect(await web.problems(theirs)).toEqual([]);
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await theirs.getByRole('heading', { name: 'Two-factor authentication' }).waitFor();
  await theirs.context().close();

  await open();
  await page.getByRole('button', { name: 'Reset second factor of carol' }).click();
  await dialog().getByRole('button', { name: 'Reset second factor' }).click();
  await row('carol')
    .getByRole('button', { name: 'Reset second factor of carol' })
    .waitFor({ state: 'detached' });
});

/** Reads the QR code of the page as an app does, from its picture. */
async function scan(from: Page): Promise<string> {
  const png = await from.getByRole('img', { name: 'QR code of the secret' }).screenshot();
  const pixels = await from.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data: channels } = context.getImageData(0, 0, width, height);
    // As one string: an array would be carried out of the page number by number.
    const base64 = btoa(Array.from(channels, (value) => String.fromCharCode(value)).join(''));
    return { width, height, base64 };
  }, png.toString('base64'));
  return decodeQR({ ...pixels, data: Buffer.from(pixels.base64, 'base64') });
}

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

test('a user ends a session of another browser, and changes their password with the current one', async () => {
  const elsewhere = await web.newPage();
  await elsewhere.goto('/app/');
  await signIn(elsewhere);
  await elsewhere.getByRole('heading', { name: 'Overview' }).waitFor();
  page = await web.open('/app/');
  await page.getByText(USER.username).click();
  await page.getByRole('link', { name: 'Password and sessions' }).click();
  await page.getByText('(this one)').waitFor();
  expect(await page.getByRole('row').nth(1).textContent()).toMatch(
    /^Chrome on Linux.*127\.0\.0\.1/,
  );
  expect(await web.problems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign out Chrome on Linux' }).click();
  await dialog().getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('The browser is signed out.').waitFor();
  await elsewhere.goto('/app/');
  await signIn(elsewhere);

  await page.getByRole('button', { name: 'Change password' }).click();
  const submit = () => dialog().getByRole('button', { name: 'Change password' }).click();
  await dialog().getByLabel('Current password').fill('a wrong one');
  await dialog().getByLabel('New password', { exact: true }).fill('a new password');
  await dialog().getByLabel('New password again').fill('another');
  await submit();
  await dialog().getByText('Must be the same as the new password.').waitFor();
  await dialog().getByLabel('New password again').fill('a new password');
  await submit();
  await dialog().getByText('Must be your current password.').waitFor();
  expect(await web.violations(page)).toEqual([]);
  await dialog().getByLabel('Current password').fill(USER.password);
  await submit();
  await page.getByText('Your password was changed.').waitFor();
  await elsewhere.goto('/app/');
  await signIn(elsewhere, { ...USER, password: 'a new password' });
  await elsewhere.getByRole('heading', { name: 'Overview' }).waitFor();
  await elsewhere.context().close();
  await page.reload();
  await page.getByRole('heading', { name: 'Password and sessions' }).waitFor();
});
