import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Visitor } from '../../helpers/visitor.js';
import { call, token } from '../../helpers/server.js';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';
import { until } from '../../helpers/webhooks.js';

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  page = await web.open('/app/developers', { user: ADMIN });
  await page.getByRole('button', { name: 'Create token' }).waitFor();
});
afterEach(() => web.keep(page));

const dialog = () => page.getByRole('dialog');
const row = (name: string) => page.getByRole('row').filter({ hasText: name });
const statusWith = async (key: string) =>
  (await call(web.server.url, '/api/v1/flow_sensors/', { headers: token(key) })).status;

async function fillIn(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create token' }).click();
  await dialog().getByLabel('Name').fill(name);
}
const submit = () => dialog().getByRole('button', { name: 'Create token' }).click();

describe('API tokens', () => {
  test('a token is created, shows its key once, works, and no longer works once revoked', async () => {
    await fillIn('plc-7');
    await dialog().getByLabel('Ingest').check();
    await dialog().getByLabel('Expires').selectOption('In 30 days');
    await submit();
    await dialog().getByRole('heading', { name: 'The key of “plc-7”' }).waitFor();
    const key = (await dialog().locator('code').textContent())!;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialog().getByRole('button', { name: 'Copy the key' }).click();
    await dialog().getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    expect(await web.violations(page)).toEqual([]);
    // Not even the Escape key loses it.
    await page.keyboard.press('Escape');
    await dialog().getByText(key).waitFor();
    await dialog().getByRole('button', { name: 'Done, I have it' }).click();
    await row('plc-7').waitFor();
    expect(await row('plc-7').textContent()).toMatch(/plc-7Read, Ingest.*never.*Revoke/);
    expect(await page.content()).not.toContain(key);

    expect(await statusWith(key)).toBe(200);
    await page.getByRole('button', { name: 'Revoke plc-7' }).click();
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await row('plc-7').waitFor({ state: 'detached' });
    expect(await statusWith(key)).toBe(401);
  });

  test('the list of tokens shows when each was last used and when it expires', async () => {
    await until(async () => {
      await statusWith(web.ours.reader);
      await page.reload();
      await row('Expires').waitFor();
      return (await page.getByRole('row').filter({ hasText: 'just now' }).count()) > 0;
    });
    await fillIn('for good');
    await dialog().getByLabel('Expires').selectOption('Never');
    await submit();
    await dialog().getByRole('button', { name: 'Done, I have it' }).click();
    expect(await row('for good').textContent()).toMatch(/for goodRead.*nevernever/);
  });

  test('a rejected token form shows the server’s message at each field', async () => {
    await page.getByRole('button', { name: 'Create token' }).click();
    await dialog().getByRole('checkbox', { name: /^Read/ }).uncheck();
    await dialog().getByLabel('Expires').selectOption('On a date I choose');
    await dialog().getByLabel('Expires at', { exact: true }).fill('2020-01-01');
    await dialog().getByLabel('Expires at: time').fill('00:00');
    await submit();
    await dialog().getByText('Must not be empty.').waitFor();
    expect(await dialog().locator('.field-error').allTextContents()).toEqual([
      'Must not be empty.',
      'Must name at least one of READ, INGEST, ADMIN.',
      'Must be in the future, not 2020-01-01T06:00:00.000Z.',
    ]);
    expect(await web.violations(page)).toEqual([]);
  });

  test('another site’s page cannot create a token: the session cookie alone is not enough', async () => {
    const visitor = new Visitor(web.server.url);
    await visitor.signIn(ADMIN.username, ADMIN.password);
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const mutate = (headers: Record<string, string>) =>
      call(web.server.url, '/graphql', {
        method: 'POST',
        headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({
          query: 'mutation { createApiToken(input: { name: "forged", scopes: [ADMIN] }) { key } }',
        }),
      });
    expect((await mutate({})).status).toBe(401);
    expect((await mutate({ 'X-CSRF-Token': 'x' })).status).toBe(401);
    await page.reload();
    await row('Expires').waitFor();
    expect(await row('forged').count()).toBe(0);
    const { status, body } = await mutate({ 'X-CSRF-Token': await visitor.csrfToken() });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  });
});
