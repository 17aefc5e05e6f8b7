import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo, LookupFunction } from 'node:net';
import { guardedConnector } from '../../src/webhooks/guarded-connector.js';
import { EndpointClient } from '../../src/webhooks/endpoint-client.js';
import { TestDns } from '../helpers/dns.js';
import { createWebhookStage, until } from '../helpers/webhooks.js';

let inside: Server;
let connections: number;
let port: number;

beforeEach(async () => {
  connections = 0;
  inside = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  inside.listen(0, '127.0.0.1');
  await once(inside, 'listening');
  port = (inside.address() as AddressInfo).port;
});

afterEach(async () => {
  inside.close();
  await once(inside, 'close');
  expect(connections).toBe(0);
});

test('a name that resolves to an address of the inside is refused when the endpoint is created', async () => {
  const dns = await new TestDns('10.1.2.3').listen();
  const stage = await createWebhookStage({
    webhookAllowPrivateNetwork: false,
    webhookAllowHttp: false,
    lookup: dns.lookup,
  });
  await expect(
    stage.webhooks.create(stage.principal, { url: 'https://hook.example.com/' }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', faults: [{ path: ['url'] }] });
  expect(dns.questions).toEqual(['hook.example.com']);
  await stage.close();
  await dns.close();
});

test('a name that resolves to it only when it is connected to is refused then (DNS rebinding)', async () => {
  const dns = await new TestDns('93.184.216.34').listen();
  const stage = await createWebhookStage({
    webhookAllowPrivateNetwork: false,
    lookup: dns.lookup,
  });
  const { id } = await stage.webhooks.create(stage.principal, {
    url: `http://hook.example.com:${port}/`,
  });
  dns.address = '127.0.0.1';
  stage.webhookWorker.start();
  await stage.record(1);
  const { deliveries } = await until(async () => {
    const found = await stage.webhookDeliveries.windows(stage.principal, [id], {
      filter: {},
      take: 1,
      from: 'first',
    });
    const window = found.get(id)!;
    return window.deliveries[0]?.attempts.length === 1 && window;
  });
  expect(deliveries[0]!.attempts).toMatchObject([
    { error: 'hook.example.com is or stands for a loopback, private or reserved address' },
  ]);
  await stage.close();
  await dns.close();
});

const both: LookupFunction = (_hostname, _options, callback) =>
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);

test.each([
  ['an address', (at: number) => `http://127.0.0.1:${at}/`],
  ['an IPv6 address', (at: number) => `http://[::1]:${at}/`],
  ['an IPv4 address as IPv6', (at: number) => `http://[::ffff:127.0.0.1]:${at}/`],
  ['a name of several', (at: number) => `http://hook.example.com:${at}/`],
  ['a name, over TLS', (at: number) => `https://hook.example.com:${at}/`],
])('%s of the inside is not connected to', async (_what, url) => {
  const receiver = new EndpointClient(url(port), guardedConnector(both), 1);
  expect(await receiver.post({}, '{}')).toMatchObject({
    error: expect.stringMatching(/loopback, private or reserved/),
  });
  await receiver.destroy();
});
