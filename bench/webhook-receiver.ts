import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Takes webhooks in a process of its own, run as the bench's child. It says
 * which port it listens on, and, asked with `true` to tell of each hit, when
 * each came in (nanoseconds of the machine's monotonic clock); asked with a
 * number, it says when so many had come.
 */
let hits = 0;
let telling = false;
let awaited = Infinity;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().once('end', () => {
    const at = process.hrtime.bigint();
    hits++;
    response.end('ok');
    if (telling) process.send?.({ at: String(at) });
    else if (hits >= awaited) {
      awaited = Infinity;
      process.send?.({ at: String(at) });
    }
  });
});

process.on('message', (message: boolean | number) => {
  hits = 0;
  telling = message === true;
  awaited = typeof message === 'number' ? message : Infinity;
  process.send?.({ ready: true });
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
