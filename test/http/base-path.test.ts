import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accountServices } from '../helpers/accounts.js';
import { launchBrowser } from '../helpers/browser.js';
import { call, createServerWorld, token, type World } from '../helpers/server.js';
import { startSubPathProxy } from '../helpers/sub-path-proxy.js';
import { LOGIN, Visitor } from '../helpers/visitor.js';
import { signIn, USER } from '../helpers/web.js';
import { until } from '../helpers/webhooks.js';

const BASE = '/scada/flow';

type Proxy = Awaited<ReturnType<typeof startSubPathProxy>>;
let world: World;
let removing: Proxy;
let keeping: Proxy;
let sensorId: number;

beforeAll(async () => {
  world = await createServerWorld({ basePath: BASE, trustedProxies: ['127.0.0.1'] });
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, USER);
  const { services } = world.server;
  const { id } = await services.sensors.create(world.ours.principal, { name: 'Midland pump' });
  sensorId = id;
  const end = Date.now() - 60_000;
  const pings = Array.from({ length: 1001 }, (_, index) => ({
    sensorId,
    flowrate: 24_000,
    datetime: new Date(end - index * 60_000),
  }));
  await services.pings.record(world.ours.principal, pings, { onConflict: 'REJECT' });
  removing = await startSubPathProxy(world.server.url, BASE);
  keeping = await startSubPathProxy(world.server.url, BASE, { isKept: true });
});
afterAll(async () => {
  await Promise.all([removing.close(), keeping.close()]);
  await world.close();
});

const keys = () => token(world.ours.admin);

describe.each([
  ['takes the base path off', () => removing],
  ['leaves the base path in', () => keeping],
])('Behind a proxy that %s', (_, proxy) => {
  test('the links of a list lead to its other pages', async () => {
    const list = `${BASE}/api/v1/flow_sensors/${sensorId}/pings/`;
    const first = await call(proxy().url, list, { headers: keys() });
    expect(first.body.next).toBe(`${proxy().url}${list}?page=2`);
    const { pathname, search } = new URL(first.body.next);
    const second = await call(proxy().url, pathname + search, { headers: keys() });
    expect([second.status, second.body.results.length]).toEqual([200, 1]);
    expect(second.body.previous).toBe(`${proxy().url}${list}`);
  });

  test('redirects and the description of the API stay under the base path', async () => {
    const slashless = await call(proxy().url, `${BASE}/api/v1/flow_sensors?page=1`, {
      headers: keys(),
    });
    expect(slashless.headers.location).toBe(`${BASE}/api/v1/flow_sensors/?page=1`);
    const { body } = await call(proxy().url, `${BASE}/api/v1/openapi.json`);
    expect(body.servers).toEqual([{ url: `${BASE}/api/v1` }]);
    const home = await call(proxy().url, `${BASE}/`);
    expect(home.headers.location).toBe(`${BASE}/app/`);
    const sensor = await call(proxy().url, `${BASE}/app/sensors/${sensorId}`);
    expect(sensor.headers.location).toBe(
      `${BASE}${LOGIN}?next=${encodeURIComponent(`${BASE}/app/sensors/${sensorId}`)}`,
    );
    expect((await call(proxy().url, `${BASE}/readyz`)).status).toBe(200);
  });
});

test('cookies are sent to the base path only, and over https only secure pages can set them', async () => {
  const [plain] = (await new Visitor(world.server.url).get(LOGIN)).headers['set-cookie'] ?? [];
  expect(plain).toMatch(/^flowgate_visitor=[^;]+; Path=\/scada\/flow\/app; HttpOnly; SameSite/);

  const secure = new Visitor(world.server.url, { 'X-Forwarded-Proto': 'https' });
  const reply = await secure.signIn(USER.username, USER.password, `${BASE}/graphql`);
  expect([reply.status, reply.headers.location]).toEqual([303, `${BASE}/graphql`]);
  const [cookie] = reply.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(
    /^__Secure-flowgate_session=[^;]+; Path=\/scada\/flow; Expires=[^;]+; HttpOnly; Secure/,
  );
  expect((await secure.get('/app/')).status).toBe(200);
  const elsewhere = await new Visitor(world.server.url).signIn(
    USER.username,
    USER.password,
    '/other/app/',
  );
  expect(elsewhere.headers.location).toBe(`${BASE}/app/`);
});

describe('A browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('signs in, loads pages, live readings and the explorer, and signs out under the base path', async () => {
    const viewport = { width: 1440, height: 900 };
    const page = await browser.newPage({ baseURL: removing.url, viewport });
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
    const path = () => new URL(page.url()).pathname;

    await page.goto(`${BASE}/`);
    await signIn(page);
    await page.getByRole('link', { name: 'Midland pump' }).first().click();
    await page.getByRole('heading', { name: 'Midland pump' }).waitFor();
    expect(path()).toBe(`${BASE}/app/sensors/${sensorId}`);
    // The page may not have subscribed yet.
    await until(async () => {
      const ping = { sensorId, flowrate: 31_415, datetime: new Date() };
      const { pings } = world.server.services;
      await pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
      return page.getByText('31,415').first().isVisible();
    });
    expect(sockets).toContain(`${BASE}/graphql`);

    await page.getByRole('link', { name: 'Reference' }).click();
    await page.getByRole('link', { name: '/api/v1/openapi.json' }).waitFor();
    await page.getByRole('link', { name: 'Explorer' }).click();
    await page.locator('.graphiql-container').waitFor();
    await page.goto(`${BASE}/graphql`);
    await page.locator('.graphiql-container').waitFor();
    await page.getByRole('link', { name: 'Flowgate' }).click();
    await page.getByText(USER.username).click();
    expect(errors).toEqual([]);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByLabel('Username').waitFor();
    expect(path()).toBe(`${BASE}/app/login`);
    expect(removing.refused).toEqual([]);
    // what the page was still requesting when its session ended
    expect(errors.filter((error) => !/status of 401/.test(error))).toEqual([]);
  });
});
