import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { HttpServer } from '../../src/http/http-server.js';
import { RequestQueue } from '../../src/http/request-queue.js';

/** Uses the event loop for longer than a slice. */
function work(): void {
  const end = performance.now() + 15;
  while (performance.now() < end) continue;
}

test('a request that arrives after a flood from another address begins before most of the flood', async () => {
  const queue = new RequestQueue();
  const begun: string[] = [];
  const server = createServer((request, response) => {
    const from = String(request.headers['x-from']);
    queue.run(
      () => from,
      () => {
        begun.push(from);
        work();
        response.end();
      },
    );
  });
  queue.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  for (let index = 0; index < 61; index++) {
    const accepted = once(server, 'connection');
    sockets.push(connect(port, '127.0.0.1'));
    await accepted;
  }
  // All are sent before the server reads any of them.
  const answers = sockets.map((socket, index) => {
    const from = index < 60 ? 'flood' : 'other';
    socket.write(`GET / HTTP/1.1\r\nhost: here\r\nx-from: ${from}\r\n\r\n`);
    return once(socket, 'data');
  });
  await Promise.all(answers);
  sockets.forEach((socket) => socket.destroy());
  server.close();
  expect(begun).toHaveLength(61);
  expect(begun.indexOf('other')).toBeLessThan(20);
});

test('a request from an address of which nothing waits passes the flood of another one', async () => {
  const queue = new RequestQueue();
  const begun: string[] = [];
  const send = (from: string) =>
    queue.run(
      () => from,
      () => {
        begun.push(from);
        work();
      },
    );
  for (let index = 0; index < 5; index++) send('flood');
  send('other');
  // A second one in the same iteration waits for the first one's turn.
  send('other');
  expect(begun).toEqual(['flood', 'flood', 'other']);
  while (begun.length < 7) await setImmediate();
  expect(begun.slice(3, 5).sort()).toEqual(['flood', 'other']);
});

test('requests begin in the order of their arrival while they are few, and at once', () => {
  const queue = new RequestQueue();
  const begun: number[] = [];
  for (const number of [1, 2, 3]) {
    queue.run(
      () => 'here',
      () => begun.push(number),
    );
  }
  expect(begun).toEqual([1, 2, 3]);
});

const ESTABLISHED = '01';

test('a thousand connections that arrive at once are established before any is accepted', async () => {
  const server = new HttpServer((_request, response) => response.end());
  const { port } = new URL(await server.listen(0, '127.0.0.1'));
  const sockets = Array.from({ length: 1000 }, () =>
    connect(Number(port), '127.0.0.1').on('error', () => undefined),
  );
  // Connections are begun now, and the event loop has not come to accepting any.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const remote = `0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`;
  const states = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to]) => to === remote)
    .map(([, , , state]) => state);
  sockets.forEach((socket) => socket.destroy());
  await server.close(0);
  expect(states).toHaveLength(1000);
  expect(states.filter((state) => state !== ESTABLISHED)).toEqual([]);
});
