import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { ADMIN, startWeb, type Web } from '../helpers/web.js';
import { TestReceiver } from '../helpers/webhooks.js';

let web: Web;
let receiver: TestReceiver;
let page: Page;
let id: number;

beforeAll(async () => {
  web = await startWeb();
  web.server.services.webhookWorker.start();
});
afterAll(async () => {
  await web.server.services.webhookWorker.close(2000);
  await web.close();
});

beforeEach(async () => {
  receiver = await new TestReceiver().listen();
  const { webhooks } = web.server.services;
  ({ id } = await webhooks.create(web.ours.principal, { url: receiver.url }));
  page = await web.open(`/app/developers/endpoints/${id}`, { user: ADMIN });
  await page.getByRole('heading', { name: receiver.url }).waitFor();
});
afterEach(async () => {
  await page.context().close();
  await receiver.close();
});

const dialog = () => page.getByRole('dialog');
const button = (name: RegExp) => page.getByRole('button', { name });
const secretShown = () => page.locator('.secret-value').textContent();

describe('An endpoint’s secret', () => {
  test('is not loaded until it is shown or copied', async () => {
    const stored = await web.server.services.webhooks.require(web.ours.principal, id);
    expect(await page.content()).not.toContain(stored.secret);
    expect(await secretShown()).not.toContain(stored.secret);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(/^Copy the secret/).click();
    await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(stored.secret);
    expect(await secretShown()).not.toContain(stored.secret);
    await button(/^Show the secret/).click();
    await page.getByText(stored.secret!).waitFor();
    await button(/^Hide the secret/).click();
    await page.getByText(stored.secret!).waitFor({ state: 'detached' });
  });

  test('is copied where the page has no clipboard, too: over http from another machine', async () => {
    await page.addInitScript(() =>
      Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    );
    await page.reload();
    await button(/^Copy the secret/).click();
    await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
    await page.getByLabel('The last number that your receiver has').focus();
    await page.keyboard.press('Control+V');
    const { secret } = await web.server.services.webhooks.require(web.ours.principal, id);
    expect(await page.getByLabel('The last number that your receiver has').inputValue()).toBe(
      secret,
    );
  });

  test('is rotated: the old one signs along until it is revoked', async () => {
    await button(/^Show the secret/).click();
    await page.getByText(/whsec_[A-Za-z0-9+/]+=/).waitFor();
    const old = (await secretShown())!;
    await button(/^Rotate the secret/).click();
    await dialog().getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('The secret before signs along until').waitFor();
    const current = (await secretShown())!;
    expect(current).not.toBe(old);
    await button(/^Send a test/).click();
    const [hit] = await receiver.received(1);
    expect(hit!.headers['fc-signature']).toBe(current);
    for (const secret of [current, old]) {
      expect(new Webhook(secret).verify(hit!.body, hit!.headers as never)).toBeTruthy();
    }
    await button(/^Revoke the old secret/).click();
    await dialog().getByRole('button', { name: 'Revoke the old secret' }).click();
    await page.getByText('The secret before signs along until').waitFor({ state: 'detached' });
    await button(/^Send a test/).click();
    const [, second] = await receiver.received(2);
    expect(() => new Webhook(old).verify(second!.body, second!.headers as never)).toThrow();
  });
});
