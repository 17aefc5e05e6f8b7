import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Domain } from '../../../src/composition/domain.js';
import { createTestDomain } from '../../helpers/domain.js';
import { ADMIN, startWeb, type Web } from '../../helpers/web.js';

let web: Web;
let page: Page;
let services: Domain;
let sensorId: number;

beforeAll(async () => {
  web = await startWeb();
  services = createTestDomain(web.test.database);
  const { sensors, pings } = services;
  const { principal } = web.ours;
  ({ id: sensorId } = await sensors.create(principal, { name: 'Checked meter' }));
  await sensors.setChecks(principal, sensorId, { reasonability: { high: 1000 } });
  const now = Date.now();
  const readings = [500, 4001, 4002, 4003].map((flowrate, index) => {
    return { sensorId, flowrate, datetime: new Date(now - (10 - index) * 60_000) };
  });
  await pings.record(principal, readings, { onConflict: 'REJECT' });
});
afterAll(() => web.close());
afterEach(() => web.keep(page));

const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const dialog = () => page.getByRole('dialog');

test('an administrator works off flagged readings in the list and on the page of the sensor', async () => {
  page = await web.open('/app/', { user: ADMIN });
  await page.getByRole('link', { name: 'Flags' }).click();
  await row('4,001').getByText('Not reasonable: limit 1,000 bbl/d').waitFor();
  expect(await web.problems(page)).toEqual([]);

  await row('4,001').getByRole('button', { name: 'Accept' }).click();
  await dialog().getByLabel('Comment').fill('a test of the pump');
  expect(await web.violations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Accept' }).click();
  await row('4,001').waitFor({ state: 'detached' });
  await page.getByLabel('State').selectOption('Accepted');
  await row('4,001').getByText('user:grace: a test of the pump').waitFor();

  await row('4,001').getByRole('link', { name: 'Checked meter' }).click();
  const section = page.getByRole('region', { name: 'Flagged readings' });
  await section.getByText('2 open').waitFor();
  await section.getByRole('button', { name: 'Reject all 2 shown' }).click();
  await dialog().getByRole('button', { name: 'Reject' }).click();
  await section.waitFor({ state: 'detached' });

  const { pings } = services;
  const windows = await pings.windows(web.ours.principal, [sensorId], {
    ...{ order: 'OLDEST_FIRST', from: 'first', take: 10 },
  } as const);
  const stored = windows.get(sensorId)!.pings.of({ id: sensorId });
  expect(stored.map(({ flowrate, quality }) => `${flowrate} ${quality}`)).toEqual([
    ...['500 GOOD', '4001 GOOD', '4002 BAD', '4003 BAD'],
  ]);
  expect(web.errors).toEqual([]);
});

test('a viewer sees flagged readings, and settles none', async () => {
  page = await web.open('/app/flags?status=ALL');
  await row('4,003').getByText('Rejected').waitFor();
  expect(await page.getByRole('button', { name: /Accept|Reject/ }).count()).toBe(0);
});
