import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Receives webhooks, as a child process of the benchmark. It reports its port, and after each
 * expected number of hits when each arrived (nanoseconds of the machine's monotonic clock).
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
