import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { endWithRequest } from '../../src/http/early-response.js';
import { HttpServer } from '../../src/http/http-server.js';

const CLIENTS = 8;
const BODY_BYTES = 8 * 2 ** 20;
/** About what a connection reads at a time. */
const CHUNK_BYTES = 65_536;

let server: HttpServer;
let sockets: Socket[];
beforeEach(() => {
  sockets = [];
});
afterEach(() => server.close(0));

/**
 * Sends long bodies at once to a server that answers each before it has arrived.
 * @returns the most bytes that were read of all of them in one iteration of the event loop
 */
async function mostBytesAtOnce(): Promise<number> {
  const { hostname, port } = new URL(await server.listen(0, '127.0.0.1'));
  const clients: Socket[] = [];
  for (let index = 0; index < CLIENTS; index++) {
    const accepted = once(server.server, 'connection') as Promise<[Socket]>;
    clients.push(connect(Number(port), hostname));
    sockets.push(...(await accepted));
  }
  // All are sent before the server reads any of them.
  const answers = clients.map((client) => {
    client.write(`POST / HTTP/1.1\r\nHost: here\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
    client.write(Buffer.alloc(BODY_BYTES));
    return once(client, 'data');
  });
  let read = 0;
  let most = 0;
  while (read < CLIENTS * BODY_BYTES) {
    await setImmediate();
    const now = sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    most = Math.max(most, now - read);
    read = now;
  }
  await Promise.all(answers);
  for (const client of clients) client.destroy();
  return most;
}

test('long bodies that are refused are received a part at a time, and to their ends', async () => {
  server = new HttpServer((request, response) => {
    response.statusCode = 503;
    endWithRequest(request, response, 'Not now.');
  });
  expect(await mostBytesAtOnce()).toBeLessThanOrEqual(2 * CLIENTS * CHUNK_BYTES);
});

test('so are those of requests that are answered without being read', async () => {
  server = new HttpServer((_request, response) => response.end('Not found.'));
  expect(await mostBytesAtOnce()).toBeLessThanOrEqual(2 * CLIENTS * CHUNK_BYTES);
});
