import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { startWeb, type Web } from '../../helpers/web.js';
import { TestReceiver, until } from '../../helpers/webhooks.js';

const HOOKS = pathToFileURL(
  path.resolve(import.meta.dirname, '../../../scripts/typescript.mjs'),
).href;

let web: Web;
let page: Page;
let folder: string;

beforeAll(async () => {
  web = await startWeb();
  folder = await mkdtemp(path.join(os.tmpdir(), 'flowgate-examples-'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  page = await web.open('/app/developers');
  await page
    .getByLabel('Sensor in the examples')
    .selectOption({ label: `Midland pump (${web.sensors.flowing})` });
  await page.getByRole('button', { name: 'TypeScript' }).click();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await web.close();
});

/** Runs the example of that heading, as it is pasted. */
async function run(heading: string, environment: Record<string, string>) {
  const code = await page.getByRole('region', { name: `TypeScript: ${heading}` }).textContent();
  const file = path.join(folder, 'example.ts');
  await writeFile(file, code ?? '');
  const child = spawn(process.execPath, ['--import', HOOKS, file], {
    env: { ...process.env, ...environment },
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => (output.text += data.toString()));
  }
  return { child, output };
}

const ended = (child: ChildProcess) => once(child, 'exit').then(([code]) => code as number);

test('the example that reads a day’s volume runs unchanged', async () => {
  const { child, output } = await run('Read a day’s volume', { FLOWGATE_TOKEN: web.ours.reader });
  expect(await ended(child)).toBe(0);
  expect(output.text).toMatch(/^Midland pump 2\d{4}\.?\d* bbl\n$/);
});

test('the example that records a reading runs unchanged', async () => {
  const { child, output } = await run('Record a reading', { FLOWGATE_TOKEN: web.ours.ingester });
  expect(await ended(child)).toBe(0);
  expect(output.text).toContain('recorded: 1');
});

test('the example that verifies a webhook accepts a genuine one and refuses a forged one', async () => {
  const { webhooks, webhookDeliveries, webhookWorker } = web.server.services;
  // A port that was free a moment ago.
  const receiver = await new TestReceiver().listen();
  const { port } = receiver;
  await receiver.close();
  const url = `http://127.0.0.1:${port}/`;
  const endpoint = await webhooks.create(web.ours.principal, { url });
  const { child, output } = await run('Verify a webhook', {
    FLOWGATE_WEBHOOK_SECRET: endpoint.secret!,
    PORT: String(port),
  });
  try {
    const forged = await until(() => fetch(url, { method: 'POST', body: '{}' }).catch(() => false));
    expect((forged as Response).status).toBe(401);
    webhookWorker.start();
    const { id } = await webhookDeliveries.sendTest(web.ours.principal, endpoint.id);
    const delivery = await until(async () => {
      const found = await webhookDeliveries.find(web.ours.principal, id);
      return found?.attempts.length === 1 && found;
    });
    expect(delivery.attempts[0]).toMatchObject({ status: 204 });
    await until(() => Promise.resolve(output.text.includes('sensor_name')));
    expect(output.text).toMatch(/^test /m);
  } finally {
    child.kill();
    await ended(child);
    await webhookWorker.close(2000);
  }
});

test.each(['curl', 'Python', 'TypeScript'])(
  'the examples in %s name this server and the sensor',
  async (language) => {
    await page.getByRole('button', { name: language, exact: true }).click();
    const read = page.getByRole('region', { name: `${language}: Read a day’s volume` });
    expect(await read.textContent()).toContain(
      `${web.server.url}/api/v1/flow_sensors/${web.sensors.flowing}/flow_volume/`,
    );
    const record = page.getByRole('region', { name: `${language}: Record a reading` });
    expect(await record.textContent()).toContain(
      `${web.server.url}/api/v1/flow_sensors/${web.sensors.flowing}/pings/`,
    );
  },
);
