import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { call, token } from '../../helpers/server.js';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';

// A limit for a page that hangs: on a busy machine the checks of long pages take a minute.

let web: Web;
let page: Page;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

describe('The REST reference', () => {
  const operation = (id: string) => page.locator(`.opblock[id$="-${id}"]`);
  const answer = () => page.locator('.live-responses-table .response').first();

  async function openOperation(id: string): Promise<void> {
    page = await web.open('/app/reference');
    await tryOut(id);
  }

  async function tryOut(id: string): Promise<void> {
    await operation(id).locator('.opblock-summary-control').click();
    await operation(id).getByRole('button', { name: 'Try it out' }).click();
  }

  test('the REST reference lists every operation of the document that the server serves', async () => {
    page = await web.open('/app/reference');
    await operation('listFlowSensors').waitFor();
    const { paths } = await (await page.request.get('/api/v1/openapi.json')).json();
    const operations = Object.values<object>(paths).flatMap((path) =>
      Object.keys(path).filter((key) => key === 'get' || key === 'post'),
    );
    expect(await page.locator('.opblock').count()).toBe(operations.length);
  });

  test('a read is tried as the signed-in user, for an existing sensor and range', async () => {
    await openOperation('getFlowVolume');
    await page.getByRole('button', { name: 'Execute' }).click();
    await answer().getByText('"flow_volume"').waitFor();
    expect(await answer().textContent()).toMatch(
      /^200[^]*"sensor_name": "Midland pump",\s*"flow_volume": 2[34]\d{3}\./,
    );
    expect(await page.locator('.curl').textContent()).toContain("-H 'Authorization: Token KEY'");
  });

  test('recording a ping is tried with the CSRF token of the session', async () => {
    page = await web.open('/app/reference', { user: ADMIN });
    await tryOut('recordPingsOfSensor');
    const body = page.getByRole('textbox', { name: 'Request body' });
    const execute = page.getByRole('button', { name: 'Execute' });
    // As it stands the example is refused, so that trying it records no false reading.
    await execute.click();
    await answer().getByText('400').first().waitFor();
    await body.fill((await body.inputValue()).replace('"flowrate in bbl/d"', '24100.5'));
    await execute.click();
    await answer().getByText('"recorded"').waitFor();
    expect(await answer().textContent()).toMatch(/^201[^]*"recorded": 1,\s*"duplicates": 0/);
    const { flowing } = web.sensors;
    const reply = await page.request.get(`/app/sensors/${flowing}/pings.csv`);
    const [last = ''] = (await reply.text()).trim().split('\n').slice(-1);
    expect(Date.now() - Date.parse(last.split(',')[2]!)).toBeLessThan(120_000);
  });

  test('the REST reference is accessible and fits, with a response shown, in both themes and at both widths', async () => {
    await openOperation('getFlowVolume');
    await page.getByRole('button', { name: 'Execute' }).click();
    await answer().waitFor();
    await page.getByRole('button', { name: 'Expand all' }).first().click();
    await operation('recordPings').locator('.opblock-summary-control').click();
    await operation('recordPings').getByRole('button', { name: 'Try it out' }).click();
    expect(await web.problems(page)).toEqual([]);
  });

  test('the REST reference says that the server cannot be reached, and tries again', async () => {
    page = await web.open('/app/');
    await page.route('**/openapi.json', (route) => route.fulfill({ status: 503 }));
    await page.getByRole('link', { name: 'Reference' }).click();
    await page.getByText('The reference could not be loaded.').waitFor();
    expect(await web.violations(page)).toEqual([]);
    await page.unroute('**/openapi.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await operation('listFlowSensors').waitFor();
  });
});

describe('The GraphQL reference', () => {
  const type = (name: string) => page.getByRole('region', { name, exact: true });

  test('the GraphQL reference describes fields and arguments, and links types', async () => {
    page = await web.open('/app/reference/graphql');
    const volumes = type('FlowSensor').locator('.reference-field', { hasText: 'flowVolumes' });
    expect(await volumes.textContent()).toMatch(/flowVolumes: \[FlowVolume!\]!.*interval: Vol/);
    await volumes.getByRole('link', { name: 'FlowVolume', exact: true }).click();
    await page.waitForURL(/#FlowVolume$/);
    await expect(type('FlowVolume').boundingBox()).resolves.toMatchObject({
      y: expect.closeTo(68, -1.5),
    });
  });

  test('the GraphQL reference finds types by their names, fields and descriptions', async () => {
    page = await web.open('/app/reference/graphql');
    await page.getByRole('searchbox').fill('silentSince');
    await type('Ping').waitFor({ state: 'detached' });
    expect(await page.locator('.reference-field.found').textContent()).toMatch(/^silentSince: Da/);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No type or field').waitFor();
  });

  test('the GraphQL reference opens the explorer with an operation that runs', async () => {
    page = await web.open('/app/reference/graphql');
    await page.getByRole('link', { name: 'Try flowSensors in the explorer' }).click();
    await page.locator('.graphiql-query-editor .view-line').getByText('nodes').waitFor();
    await page.locator('.result-window .monaco-editor').first().waitFor();
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const result = page.locator('.result-window');
    await result.getByText(/Midland.pump/).waitFor();
    expect(await result.textContent()).not.toContain('errors');
  });

  test('no mutation that the GraphQL reference offers to try runs before it is filled in', async () => {
    page = await web.open('/app/reference/graphql', { user: ADMIN });
    const links = page.locator('#Mutation').getByRole('link', { name: /^Try / });
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all) =>
      all.map((each) => each.getAttribute('href')!),
    );
    expect(addresses.length).toBeGreaterThan(10);
    for (const address of addresses) {
      const { searchParams } = new URL(address, web.server.url);
      const { body } = await call(web.server.url, '/graphql', {
        method: 'POST',
        headers: { ...token(web.ours.admin), 'Content-Type': 'application/json' },
        body: JSON.stringify({
          query: searchParams.get('query'),
          variables: JSON.parse(searchParams.get('variables')!) as object,
        }),
      });
      const code = body.errors?.[0]?.extensions?.code as string | undefined;
      expect({ address, code }).toEqual({
        address,
        // A token may not change what belongs to a session.
        code: expect.stringMatching(/^(BAD_USER_INPUT|NOT_FOUND|FORBIDDEN)$/),
      });
    }
  });

  test('the GraphQL reference is accessible and fits in both themes and at both widths', async () => {
    page = await web.open('/app/reference/graphql');
    // Checking every type takes minutes. These are of every kind.
    await page.getByRole('searchbox').fill('invitation');
    await type('FlowSensor').waitFor({ state: 'detached' });
    for (const name of ['Query', 'Mutation', 'Invitation', 'CreateInvitationInput'])
      await type(name).waitFor();
    expect(await web.problems(page)).toEqual([]);
    await page.getByRole('searchbox').fill('');
    await type('FlowSensor').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });
});

test('the references request no other host and log no error', async () => {
  page = await web.open('/app/reference/nothing');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  const hosts = new Set(web.requested.map(({ host }) => host));
  expect([...hosts]).toEqual([new URL(web.server.url).host]);
  // Browsers log these responses, which the tests provoked.
  expect(web.errors.filter((error) => !/status of (400|404|503)/.test(error))).toEqual([]);
});
