import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo, LookupFunction } from 'node:net';
import { guardedConnector } from '../../src/webhooks/guarded-connector.js';
import { EndpointClient } from '../../src/webhooks/endpoint-client.js';
import { TestDns } from '../helpers/dns.js';
import { createWebhookFixture, until } from '../helpers/webhooks.js';

let privateServer: Server;
let connections: number;
let port: number;

beforeEach(async () => {
  connections = 0;
  privateServer = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  privateServer.listen(0, '127.0.0.1');
  await once(privateServer, 'listening');
  port = (privateServer.address() as AddressInfo).port;
});

afterEach(async () => {
  privateServer.close();
  await once(privateServer, 'close');
  expect(connections).toBe(0);
});

test('a host name that resolves to a private address is refused when the endpoint is created', async () => {
  const dns = await new TestDns('10.1.2.3').listen();
  const fixture = await createWebhookFixture({
    webhookAllowPrivateNetwork: false,
    webhookAllowHttp: false,
    lookup: dns.lookup,
  });
  await expect(
    fixture.webhooks.create(fixture.principal, { url: 'https://hook.example.com/' }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ path: ['url'] }] });
  expect(dns.questions).toEqual(['hook.example.com']);
  await fixture.close();
  await dns.close();
});

test('a host name that resolves to a private address only at connection time is refused then (DNS rebinding)', async () => {
  const dns = await new TestDns('93.184.216.34').listen();
  const fixture = await createWebhookFixture({
    webhookAllowPrivateNetwork: false,
    lookup: dns.lookup,
  });
  const { id } = await fixture.webhooks.create(fixture.principal, {
    url: `http://hook.example.com:${port}/`,
  });
  dns.address = '127.0.0.1';
  fixture.webhookWorker.start();
  await fixture.record(1);
  const { items: deliveries } = await until(async () => {
    const found = await fixture.webhookDeliveries.windows(fixture.principal, [id], {
      filter: {},
      take: 1,
      from: 'first',
    });
    const window = found.get(id)!;
    return window.items[0]?.attempts.length === 1 && window;
  });
  expect(deliveries[0]!.attempts).toMatchObject([
    {
      error:
        'hook.example.com is or resolves to a loopback, private or reserved address. ' +
        'The operator can allow these with WEBHOOK_ALLOW_PRIVATE_NETWORK=true.',
    },
  ]);
  await fixture.close();
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
])('no connection is made to a private address given as %s', async (_what, url) => {
  const receiver = new EndpointClient(url(port), guardedConnector(both), 1);
  expect(await receiver.post({}, '{}')).toMatchObject({
    error: expect.stringMatching(/loopback, private or reserved/),
  });
  await receiver.destroy();
});
