/*
 * The bare server: the least that answers the benchmark's requests correctly. node:http, named
 * prepared statements, JSON built by PostgreSQL and passed through; no validation, no limits, one
 * account. It marks what is possible.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Database } from '../../src/storage/postgres/database.js';
import { sha256 } from '../../src/domain/shared/secrets.js';
import { parseIntoClientConfig } from 'pg-connection-string';
import { TOKEN } from '../data.js';
import { answerGraphQL } from './graphql.js';
import { ingest } from './ingest.js';
import { answerRest } from './rest.js';

const HASH = sha256(TOKEN);
const KEY = Buffer.from(HASH).toString('hex');

const database = new Database(parseIntoClientConfig(process.env['DATABASE_URL']!));
const { pool } = database;
const { rows } = await pool.query<{ account: number }>(
  'SELECT account_id AS account FROM api_token WHERE hash = $1',
  [HASH],
);
const account = rows[0]!.account;

const server = createServer((request, response) => {
  answer(request).then(
    (body) => send(response, 200, body),
    (error: unknown) => send(response, 500, String(error)),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`bare listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));

async function answer(request: IncomingMessage): Promise<string> {
  const key = request.headers.authorization?.slice('Token '.length) ?? '';
  if (Buffer.from(sha256(key)).toString('hex') !== KEY) throw new Error('Invalid token.');
  const url = request.url!;
  if (request.method === 'GET') return answerRest(pool, account, url, request.headers.host!);
  const body = await bodyOf(request);
  return url === '/graphql' ? answerGraphQL(pool, account, body) : ingest(database, url, body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
