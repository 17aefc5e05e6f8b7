/*
 * The least that can receive a ping over HTTP: node:http reads and parses the body, then does nothing
 * (POST /nothing) or inserts the ping alone, without a summary, into a table of its own (POST
 * /insert). It checks no token, no sensor and no limit.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { insertPings, type SentPing } from './ingest.js';

const CONNECTIONS = 16;
const ANSWER = '{"recorded":1,"duplicates":0}';

const pool = new pg.Pool({
  max: CONNECTIONS,
  ...parseIntoClientConfig(process.env['DATABASE_URL']!),
});

const server = createServer((request, response) => {
  answer(request).then(
    () => {
      response.writeHead(201, {
        'Content-Type': 'application/json',
        'Content-Length': ANSWER.length,
      });
      response.end(ANSWER);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`floor listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));

async function answer(request: IncomingMessage): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const ping = JSON.parse(Buffer.concat(pieces).toString()) as SentPing;
  if (request.url === '/insert') await insertPings(pool, [ping], 0);
}
