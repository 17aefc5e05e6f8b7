import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { EndpointClient } from '../../src/webhooks/endpoint-client.js';
import { openConnector } from '../../src/webhooks/guarded-connector.js';

async function errorOf(url: string): Promise<string | undefined> {
  const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.example'), {
    code: 'ENOTFOUND',
  });
  const client = new EndpointClient(
    url,
    openConnector((_hostname, _options, callback) => callback(notFound, '')),
    1,
  );
  const { error } = await client.post({}, '{}');
  await client.destroy();
  return error;
}

/** Runs with the port of a server that answers each connection with these bytes. */
async function withServer(answer: string, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await use((server.address() as AddressInfo).port);
  server.close();
  await once(server, 'close');
}

test('a refused connection is reported in a sentence, with the system’s own words', async () => {
  let port = 0;
  await withServer('', (free) => {
    port = free;
    return Promise.resolve();
  });
  expect(await errorOf(`http://127.0.0.1:${port}/`)).toBe(
    `The connection was refused. (connect ECONNREFUSED 127.0.0.1:${port})`,
  );
});

test('an unknown host name is reported in a sentence, with the system’s own words', async () => {
  expect(await errorOf('http://nowhere.example/')).toBe(
    'The host name is unknown. (getaddrinfo ENOTFOUND nowhere.example)',
  );
});

test('a response that is not HTTP is reported in a sentence', async () => {
  await withServer('SSH-2.0-OpenSSH\r\n', async (port) => {
    expect(await errorOf(`http://127.0.0.1:${port}/`)).toMatch(
      /^The response is not valid HTTP\. \(/,
    );
  });
});

test('a server that does not speak TLS is reported in a sentence', async () => {
  await withServer('HTTP/1.1 400 Bad Request\r\n\r\n', async (port) => {
    expect(await errorOf(`https://127.0.0.1:${port}/`)).toMatch(
      /^No TLS connection could be made\. \(/,
    );
  });
});
