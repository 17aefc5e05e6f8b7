import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { useEndpointPage } from '../../helpers/endpoint-page.js';

const on = useEndpointPage();

const dialog = () => on.page.getByRole('dialog');
const button = (name: RegExp) => on.page.getByRole('button', { name });
const secretShown = () => on.page.locator('.secret-value').textContent();

describe('An endpoint’s secret', () => {
  test('a secret is not loaded until it is shown or copied', async () => {
    const stored = await on.web.server.services.webhooks.require(on.web.ours.principal, on.id);
    expect(await on.page.content()).not.toContain(stored.secret);
    expect(await secretShown()).not.toContain(stored.secret);
    await on.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(/^Copy the secret/).click();
    await on.page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
    expect(await on.page.evaluate(() => navigator.clipboard.readText())).toBe(stored.secret);
    expect(await secretShown()).not.toContain(stored.secret);
    await button(/^Show the secret/).click();
    await on.page.getByText(stored.secret!).waitFor();
    await button(/^Hide the secret/).click();
    await on.page.getByText(stored.secret!).waitFor({ state: 'detached' });
  });

  test('a secret is also copied where the page has no clipboard, as over http from another machine', async () => {
    await on.page.addInitScript(() =>
      Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    );
    await on.page.reload();
    await button(/^Copy the secret/).click();
    await on.page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' });
    await on.page.getByLabel('Last number your receiver has').focus();
    await on.page.keyboard.press('Control+V');
    const { secret } = await on.web.server.services.webhooks.require(on.web.ours.principal, on.id);
    expect(await on.page.getByLabel('Last number your receiver has').inputValue()).toBe(secret);
    await on.page.context().close();
  });

  test('after a rotation the previous secret stays valid until it is revoked', async () => {
    await button(/^Show the secret/).click();
    await on.page.getByText(/whsec_[A-Za-z0-9+/]+=/).waitFor();
    const old = (await secretShown())!;
    await button(/^Rotate the secret/).click();
    await dialog().getByRole('button', { name: 'Rotate' }).click();
    await on.page.getByText('The previous secret is also accepted until').waitFor();
    const current = (await secretShown())!;
    expect(current).not.toBe(old);
    await button(/^Send a test/).click();
    const [hit] = await on.receiver.received(1);
    expect(hit!.headers['fc-signature']).toBe(current);
    for (const secret of [current, old]) {
      expect(new Webhook(secret).verify(hit!.body, hit!.headers as never)).toBeTruthy();
    }
    await button(/^Stop using the previous secret/).click();
    await dialog().getByRole('button', { name: 'Stop using it' }).click();
    await on.page
      .getByText('The previous secret is also accepted until')
      .waitFor({ state: 'detached' });
    await button(/^Send a test/).click();
    const [, second] = await on.receiver.received(2);
    expect(() => new Webhook(old).verify(second!.body, second!.headers as never)).toThrow();
  });
});
