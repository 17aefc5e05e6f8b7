import { afterEach, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';
import { createWebhookFixture } from '../helpers/webhooks.js';
import { flowgate, printed, startFlowgate } from './flowgate.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const PING = {
  type: 'ping_received',
  api_version: '1',
  data: {
    id: 2,
    sensor_id: 1,
    sensor_name: 'Sensor 1',
    flowrate: 0,
    datetime: '2019-02-05T19:44:09Z',
  },
};

let command: ChildProcess | undefined;
afterEach(() => {
  command?.kill('SIGKILL');
});

/**
 * Runs `webhook listen` on a free port. @returns its URL, a reader of its next line on stdout, and
 * its stderr so far
 */
async function listen(...args: string[]) {
  const child = startFlowgate({}, ['webhook', 'listen', '--port', '0', ...args]);
  command = child;
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr!.on('data', (chunk) => (stderr += chunk));
  const url = await printed({ stdout: child.stderr }, /Listening on (\S+)\n/);
  return { child, url, next: async () => (await lines.next()).value, stderr: () => stderr };
}

async function send(url: string, secrets: { fc: string; standard: string }, body: object = PING) {
  const content = JSON.stringify(body);
  const at = new Date();
  const headers = {
    'FC-Signature': secrets.fc,
    'FC-Sequence': '7',
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secrets.standard).sign('msg_1', at, content),
  };
  return (await fetch(url, { method: 'POST', headers, body: content })).status;
}

test('webhook listen prints a line for each delivery that says whether both signatures are valid', async () => {
  const { url, next } = await listen('--secret', SECRET);
  expect(await send(url, { fc: SECRET, standard: SECRET })).toBe(204);
  expect(await next()).toBe(
    '2019-02-05T19:44:09Z  Sensor 1 (1)  0 bbl/d  ping 2  #7  FC-Signature ok, webhook-signature ok',
  );
  expect(await send(url, { fc: OTHER, standard: SECRET })).toBe(401);
  expect(await next()).toMatch(/FC-Signature WRONG, webhook-signature ok$/);
  expect(await send(url, { fc: SECRET, standard: OTHER })).toBe(401);
  expect(await next()).toMatch(/FC-Signature ok, webhook-signature WRONG \(No matching/);
  expect((await fetch(url, { method: 'POST', body: 'hello' })).status).toBe(401);
  expect(await next()).toBe(
    'Not a Flowgate webhook  FC-Signature missing, webhook-signature missing',
  );
  const deleted = {
    sensor_id: 1,
    sensor_name: 'Sensor \u001b[31m1',
    start: '2026-01-01T00:00:00Z',
    end: '2026-01-02T00:00:00Z',
    count: 14,
  };
  await send(
    url,
    { fc: SECRET, standard: SECRET },
    { ...PING, type: 'pings_deleted', data: deleted },
  );
  expect(await next()).toMatch(
    /^2026-01-01T00:00:00Z to \S+  Sensor \uFFFD\[31m1 \(1\)  14 pings deleted/,
  );
  await send(
    url,
    { fc: SECRET, standard: SECRET },
    { ...PING, type: 'ping_corrected', data: { ...PING.data, previous_flowrate: 5 } },
  );
  expect(await next()).toMatch(/ 0 bbl\/d, before 5 {2}ping 2 /);
  expect((await fetch(url)).status).toBe(405);
});

test('with --json webhook listen prints only bodies on stdout; --status sets its response; a signal ends it with 0', async () => {
  const { child, url, next, stderr } = await listen('--json', '--status', '503');
  expect(await send(url, { fc: SECRET, standard: SECRET })).toBe(503);
  expect(await next()).toBe(JSON.stringify(PING));
  child.kill('SIGINT');
  const [status] = await once(child, 'close');
  expect(status).toBe(0);
  expect(stderr()).toMatch(/without --secret[^]*Sensor 1 \(1\) {2}0 bbl\/d/);
});

test('webhook listen accepts what the server signs with the same secret', async () => {
  const fixture = await createWebhookFixture();
  const { url: first, child } = await listen();
  const { secret } = await fixture.webhooks.create(fixture.principal, { url: first });
  child.kill('SIGTERM');
  await once(child, 'exit');
  const { next } = await listen('--secret', secret!, '--port', new URL(first).port);
  fixture.webhookWorker.start();
  await fixture.record(1);
  expect(await next()).toMatch(
    /Sensor 1 \(\d+\) {2}100 bbl\/d {2}ping \d+ {2}#1 {2}FC-Signature ok, webhook-signature ok$/,
  );
  await fixture.close();
});

test('webhook listen exits 2 on wrong usage, and reports a port in use in one line', async () => {
  for (const args of [['--port', '70000'], ['--secret', 'abc'], ['--status', '99'], ['x']]) {
    expect(await flowgate({}, ['webhook', 'listen', ...args])).toMatchObject({ status: 2 });
  }
  const { url } = await listen();
  const taken = await flowgate({}, ['webhook', 'listen', '--port', new URL(url).port]);
  expect(taken).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^flowgate: 127\.0\.0\.1:\d+ is already in use; choose another --port\.\n$/,
    ),
  });
});
