import { once } from 'node:events';
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  JSON_BODY,
  startServer,
  token,
  type Reply,
  type World,
} from '../../helpers/server.js';

const KIB = 1024;
const SUBSCRIPTION = 'subscription { pingReceived { id } }';

let world: World;
beforeAll(async () => {
  // One account gets half of the bound.
  world = await createServerWorld({ maxBodyBytesInFlight: 400 * KIB, stallMs: 500 });
});
afterAll(() => world.close());

/** A query in a body of about that size. */
function body(bytes: number, query = '{ viewer { account } }'): string {
  return JSON.stringify({ query, extensions: { padding: 'x'.repeat(bytes) } });
}

function begin(part: string, key: string, headers: Record<string, string> = {}): ClientRequest {
  const sent = send(`${world.server.url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { ...JSON_BODY, ...token(key), ...headers },
  });
  sent.on('error', () => undefined);
  sent.write(part);
  return sent;
}

async function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

function post(text: string | Buffer, key: string, headers: object = {}): Promise<Reply> {
  return call(world.server.url, '/graphql', {
    method: 'POST',
    headers: { ...JSON_BODY, ...token(key), ...headers },
    body: text,
  });
}

const PROTOCOL = 'graphql-transport-ws';

/** A WebSocket that is authenticated. */
async function socketOf(key: string): Promise<WebSocket> {
  const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/graphql`, PROTOCOL, {
    headers: token(key),
  });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  return socket;
}

async function untilAccepted(text: string, key: string): Promise<Reply> {
  for (;;) {
    const reply = await post(text, key);
    if (reply.status !== 503) return reply;
  }
}

describe('Bodies of GraphQL in flight', () => {
  test('many unfinished bodies are bounded in sum, and other accounts and later requests are answered', async () => {
    const { ours, theirs } = world;
    const unfinished = Array.from({ length: 12 }, () =>
      begin(body(150 * KIB).slice(0, -1), ours.reader),
    );
    const answers = unfinished.map(responseTo);
    const first = await Promise.any(answers);
    const parts = (await first.toArray()) as Buffer[];
    expect([first.statusCode, first.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(Buffer.concat(parts).toString())).toEqual({
      errors: [
        {
          message: 'Service temporarily unavailable, try again later.',
          extensions: { code: 'UNAVAILABLE', retryAfter: 1 },
        },
      ],
    });

    const other = await post(body(100 * KIB), theirs.reader);
    expect([other.status, other.body.data]).toEqual([200, { viewer: { account: 'theirs' } }]);
    const rest = await call(world.server.url, '/api/v1/pings/', {
      method: 'POST',
      headers: { ...JSON_BODY, ...token(theirs.ingester) },
      body: `[${' '.repeat(100 * KIB)}]`,
    });
    expect(rest.status).toBe(201);

    for (const sent of unfinished) sent.destroy();
    await Promise.allSettled(answers);
    expect((await untilAccepted(body(190 * KIB), ours.reader)).status).toBe(200);
    expect(world.server.log).toEqual([]);
  });

  test('unfinished messages of WebSockets are bounded in sum with them, and other accounts are answered', async () => {
    const { ours, theirs } = world;
    const sockets = await Promise.all(Array.from({ length: 4 }, () => socketOf(ours.reader)));
    const closes = sockets.map(async (socket) => {
      const [code] = (await once(socket, 'close')) as [number];
      return code;
    });
    for (const socket of sockets) socket.send(Buffer.alloc(150 * KIB, ' '), { fin: false });
    // The account has room for one of them.
    expect(await Promise.any(closes)).toBe(1013);
    const other = await post(body(190 * KIB), theirs.reader);
    expect(other.status).toBe(200);
    for (const socket of sockets) socket.terminate();
    await Promise.all(closes);
    expect((await untilAccepted(body(190 * KIB), ours.reader)).status).toBe(200);

    const whole = await socketOf(ours.reader);
    const query = `{ viewer { account } } # ${'x'.repeat(95 * KIB)}`;
    const send = (id: number) =>
      whole.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
    const types = await new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      whole.on('message', (data: Buffer) => {
        seen.push(JSON.parse(data.toString()).type);
        if (seen.length === 8) resolve(seen);
        else if (seen.length % 2 === 0) send(seen.length);
      });
      whole.once('close', () => resolve(seen));
      send(0);
    });
    expect(types).toEqual(Array(4).fill(['next', 'complete']).flat());
    whole.terminate();
    expect(world.server.log).toEqual([]);
  });

  test('a long message before authentication closes its WebSocket', async () => {
    const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/graphql`, PROTOCOL);
    await once(socket, 'open');
    socket.send(Buffer.alloc(150 * KIB, ' '), { fin: false });
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });

  test('bodies of REST and of GraphQL count together', async () => {
    const { ours } = world;
    const unfinished = begin(body(150 * KIB).slice(0, -1), ours.reader);
    let reply: Reply;
    do {
      reply = await call(world.server.url, '/api/v1/pings/', {
        method: 'POST',
        headers: { ...JSON_BODY, ...token(ours.ingester) },
        body: `[${' '.repeat(150 * KIB)}]`,
      });
    } while (reply.status === 201);
    expect(reply.status).toBe(503);
    unfinished.destroy();
    expect((await untilAccepted(body(150 * KIB), ours.reader)).status).toBe(200);
  });

  test('a client that stops in the middle of its body is cut', async () => {
    const sent = begin('{"query":', world.ours.reader);
    const [error] = (await once(sent, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(world.server.log).toEqual([]);
  });

  test('an open subscription does not count with the body that began it', async () => {
    const streams: ClientRequest[] = [];
    for (let index = 0; index < 3; index++) {
      const text = body(150 * KIB, SUBSCRIPTION);
      const sent = begin(text, world.ours.reader, { Accept: 'text/event-stream' });
      sent.end();
      streams.push(sent);
      const response = await responseTo(sent);
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
      await once(response, 'data');
    }
    expect((await post(body(190 * KIB), world.ours.reader)).status).toBe(200);
    for (const sent of streams) sent.destroy();
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('a body compressed with %s counts with its decoded size', async (encoding, compress) => {
    const { ours } = world;
    const headers = { 'Content-Encoding': encoding };
    const answer = await post(compress(body(150 * KIB)), ours.reader, headers);
    expect(answer.body.data).toEqual({ viewer: { account: 'ours' } });

    const unfinished = begin(body(150 * KIB).slice(0, -1), ours.reader);
    let reply: Reply;
    do reply = await post(compress(body(150 * KIB)), ours.reader, headers);
    while (reply.status === 200);
    expect(reply.status).toBe(503);
    unfinished.destroy();
    expect((await untilAccepted(body(150 * KIB), ours.reader)).status).toBe(200);

    const malformed = await post('not compressed', ours.reader, headers);
    expect([malformed.status, malformed.body.errors[0]]).toEqual([
      400,
      {
        message: expect.stringMatching(/^The request's body cannot be decompressed: /),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
  });
});

describe('A body of GraphQL that cannot be read', () => {
  test.each([
    [{ 'Content-Encoding': 'compress' }, 'unsupported content encoding "compress"'],
    [{ 'Content-Type': 'application/json; charset=latin1' }, 'unsupported charset "LATIN1"'],
  ])('a request with %j is 415', async (headers, message) => {
    const { status, body: answer } = await post(body(1), world.ours.reader, headers);
    expect([status, answer]).toEqual([
      415,
      { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  });

  test('a body of more values than any operation may have is 413 before it is parsed', async () => {
    const server = await startServer(world.test, { maxPings: 3 });
    try {
      const { status, body: answer } = await call(server.url, '/graphql', {
        method: 'POST',
        headers: { ...JSON_BODY, ...token(world.ours.admin) },
        body: `{"variables":{"p":[${'1,'.repeat(120_016)}`,
      });
      const message = 'A request body has at most 120018 list elements and object fields.';
      expect([status, answer]).toEqual([
        413,
        { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
      ]);
    } finally {
      await server.close();
    }
  });

  test('a body of more than 1 MiB is 413 for a credential that cannot record pings', async () => {
    const server = await startServer(world.test);
    try {
      const sent = (key: string) =>
        call(server.url, '/graphql', {
          method: 'POST',
          headers: { ...JSON_BODY, ...token(key) },
          body: body(2 ** 20),
        });
      const { status, body: answer } = await sent(world.ours.reader);
      const message = "The request's body is larger than 1048576 bytes, decoded.";
      expect([status, answer]).toEqual([
        413,
        { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
      ]);
      expect((await sent(world.ours.ingester)).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  test('a body that is not UTF-8 is refused', async () => {
    const text = Buffer.from('{"query": "{ __typename } # \xe9"}', 'latin1');
    const { status, body: answer } = await post(text, world.ours.reader);
    expect([status, answer.errors[0].message]).toEqual([400, "The request's body is not UTF-8."]);
  });

  test('a body in UTF-16 is read by its charset', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-16le' };
    const text = Buffer.from(body(1), 'utf16le');
    expect((await post(text, world.ours.reader, headers)).status).toBe(200);
  });
});
