import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';
import { TestReceiver } from '../../helpers/webhooks.js';

let web: Web;
let receiver: TestReceiver;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
  receiver = await new TestReceiver().listen();
});
afterAll(async () => {
  await receiver.close();
  await web.close();
});
afterEach(() => web.keep(page));

async function open(): Promise<void> {
  page = await web.open('/app/developers', { user: ADMIN });
  await page.getByRole('heading', { name: 'Webhook endpoints' }).waitFor();
}

const dialog = () => page.getByRole('dialog');
const endpoint = (url: string) => page.getByRole('article', { name: url });
const button = (name: string | RegExp) => page.getByRole('button', { name });

async function endpointsOf(url: string) {
  const { webhooks } = web.server.services;
  const { endpoints } = await webhooks.window(web.ours.principal, { take: 100, from: 'first' });
  return endpoints.filter((each) => each.url === url);
}

async function add(url: string): Promise<void> {
  await button('Add endpoint').click();
  await dialog().getByRole('textbox', { name: 'URL' }).fill(url);
  await dialog().getByRole('button', { name: 'Add endpoint' }).click();
  await endpoint(url).waitFor();
}

describe('The Developers page', () => {
  test('the Developers page, reached by the navigation, says that there are no endpoints yet', async () => {
    page = await web.open('/app/', { user: ADMIN });
    await page.getByRole('link', { name: 'Developers' }).click();
    await page.getByText('There are no webhook endpoints yet.').waitFor();
    expect(await page.title()).toBe('Developers · Flowgate');
  });

  test('a rejected endpoint form shows the server’s message at each field and creates nothing', async () => {
    await open();
    await button('Add endpoint').click();
    await dialog().getByRole('textbox', { name: 'URL' }).fill('ftp://example.com/');
    await dialog().getByLabel('ping_received').uncheck();
    await dialog().getByLabel('Only these').check();
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    const url = dialog().getByRole('textbox', { name: 'URL' });
    await dialog().getByText('Must be an http or https URL, not ftp:').waitFor();
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    expect(await url.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await dialog().locator('.field-error').allTextContents()).toEqual([
      'Must be an http or https URL, not ftp:',
      expect.stringContaining('Must name at least one of ping_received'),
      'Must name at least one sensor; null means all of them.',
    ]);
    expect(await web.violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.getByText('There are no webhook endpoints yet.').count()).toBe(1);
  });

  test('an administrator adds an endpoint for chosen sensors and events', async () => {
    await open();
    const url = `${receiver.url}&of=two`;
    await button('Add endpoint').click();
    await dialog().getByRole('textbox', { name: 'URL' }).fill(url);
    await dialog().getByLabel('Description').fill('The ledger');
    await dialog().getByLabel('pings_deleted').check();
    await dialog().getByLabel('Only these').check();
    await dialog().getByRole('searchbox').fill('midl');
    await dialog().getByLabel('Midland pump').check();
    await dialog().getByRole('searchbox').fill('tank');
    await dialog().getByLabel('Tank transfer').check();
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    await endpoint(url).waitFor();
    expect(await endpoint(url).textContent()).toMatch(
      /The ledger.*Nothing sent yet.*Midland pump, Tank transfer.*ping_receivedpings_deleted/,
    );
    const { endpoints } = await web.server.services.webhooks.window(web.ours.principal, {
      take: 10,
      from: 'first',
    });
    expect(endpoints).toMatchObject([
      {
        url,
        description: 'The ledger',
        sensorIds: [web.sensors.flowing, web.sensors.reverse],
        eventTypes: ['ping_received', 'pings_deleted'],
      },
    ]);
  });

  test('an administrator edits, disables, enables and deletes an endpoint, each in a dialog', async () => {
    await open();
    const url = `${receiver.url}&of=all`;
    await add(url);
    await button(`Edit ${url}`).click();
    expect(await dialog().getByLabel('All sensors').isChecked()).toBe(true);
    await dialog().getByLabel('Description').fill('Renamed');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await endpoint(url).getByText('Renamed').waitFor();

    await button(`Disable ${url}`).click();
    await dialog().getByRole('button', { name: 'Disable' }).click();
    await endpoint(url).getByText('New readings are not queued.').waitFor();
    expect(await button(`Send a test to ${url}`).count()).toBe(0);
    await button(`Enable ${url}`).click();
    await dialog().getByRole('button', { name: 'Enable' }).click();
    await button(`Send a test to ${url}`).waitFor();

    await button(`Delete ${url}`).click();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await endpoint(url).count()).toBe(1);
    await button(`Delete ${url}`).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await endpoint(url).waitFor({ state: 'detached' });
    await page.getByRole('status').getByText('was deleted').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'Webhook endpoints',
    );
  });

  test('an endpoint that repeats another one is added only after a warning', async () => {
    await open();
    const url = `${receiver.url}&of=repeated`;
    await add(url);
    await button('Add endpoint').click();
    await dialog().getByRole('textbox', { name: 'URL' }).fill(url);
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    await dialog().getByText('Its receiver would get every ping_received twice.').waitFor();
    expect(await web.violations(page)).toEqual([]);
    expect(await endpoint(url).count()).toBe(1);
    await dialog().getByRole('button', { name: 'Add endpoint anyway' }).click();
    await endpoint(url).nth(1).waitFor();
    for (const card of await endpoint(url).all()) {
      await card.getByText('This receiver gets the same events more than once').waitFor();
    }
    for (const { id } of await endpointsOf(url)) {
      await web.server.services.webhooks.delete(web.ours.principal, id);
    }
  });

  test('long and right-to-left names of sensors neither widen the page nor reorder its text', async () => {
    const { sensors, webhooks } = web.server.services;
    const long = await sensors.create(web.ours.principal, { name: 'PL_0042_METER_'.repeat(18) });
    const hebrew = await sensors.create(web.ours.principal, { name: 'משאבה 7' });
    const url = `${receiver.url}&of=names`;
    const made = await webhooks.create(web.ours.principal, {
      url,
      sensorIds: [long.id, hebrew.id],
    });
    await open();
    await endpoint(url).waitFor();
    for (const width of [1440, 375]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(await endpoint(url).textContent()).toContain('\u2068משאבה 7\u2069');
    await button(`Edit ${url}`).click();
    const { width } = (await dialog().boundingBox())!;
    expect(await dialog().evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await dialog().locator('bdi', { hasText: 'משאבה 7' }).count()).toBe(1);
    await webhooks.delete(web.ours.principal, made.id);
  });

  test('a viewer sees endpoints and deliveries, and why the other controls are missing', async () => {
    page = await web.open('/app/developers');
    await page.getByText('You are signed in as a viewer').waitFor();
    const url = `${receiver.url}&of=two`;
    expect(await endpoint(url).textContent()).toContain('Midland pump');
    expect(await page.getByRole('heading', { name: 'API tokens' }).count()).toBe(0);
    expect(await endpoint(url).getByRole('button').count()).toBe(0);
    expect(await page.content()).not.toContain('whsec_•');
    await endpoint(url).getByRole('link', { name: url, exact: true }).click();
    await page.getByText('Nothing has been sent yet.').waitFor();
    expect(await button(/Redeliver|Delete|Send|Secret/i).count()).toBe(0);
    expect(await web.violations(page)).toEqual([]);
  });

  test('the Developers page says that the server cannot be reached, and tries again', async () => {
    await open();
    await page.route('**/graphql', (route) => route.abort());
    await button('Add endpoint').click();
    await dialog().getByRole('button', { name: 'Add endpoint' }).click();
    await dialog().getByRole('alert').getByText('The server cannot be reached.').waitFor();
    await page.unroute('**/graphql');
    await page.keyboard.press('Escape');
    await page.route('**/graphql', (route) =>
      /WebhookEndpoints/.test(route.request().postData() ?? '') ? route.abort() : route.continue(),
    );
    await page.reload();
    await page.getByText('The endpoints could not be loaded.').waitFor();
    await page.unroute('**/graphql');
    await button('Try again').click();
    await endpoint(`${receiver.url}&of=two`).waitFor();
    expect(await page.getByText('could not be loaded').count()).toBe(0);
    web.errors.length = 0;
  });

  test('the Developers page is accessible and fits in both themes and at both widths', async () => {
    await open();
    await button(/^Show the secret/).click();
    await page.getByText(/whsec_[A-Za-z0-9+/]+=/).waitFor();
    expect(await web.problems(page)).toEqual([]);
  });

  test('the page of an unknown endpoint says that it does not exist', async () => {
    page = await web.open('/app/developers/endpoints/999999', { user: ADMIN });
    await page.getByRole('heading', { name: 'Endpoint not found' }).waitFor();
    expect(await page.title()).toBe('Endpoint not found · Flowgate');
  });

  test('the Developers pages request no other host and log no error', () => {
    const hosts = new Set(web.requested.map(({ host }) => host));
    expect([...hosts]).toEqual([new URL(web.server.url).host]);
    expect(web.errors).toEqual([]);
  });
});
