import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Takes webhooks in a process of its own, run as the bench's child. It says
 * which port it listens on, and, whenever so many hits came as it was told to
 * expect, when each did (nanoseconds of the machine's monotonic clock).
 */
let hits: string[] = [];
let expected = Infinity;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().once('end', () => {
    hits.push(String(process.hrtime.bigint()));
    response.end('ok');
    if (hits.length < expected) return;
    process.send?.({ at: hits });
    hits = [];
  });
});

process.on('message', (message: number | null) => {
  hits = [];
  expected = message ?? Infinity;
  process.send?.({ ready: true });
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
