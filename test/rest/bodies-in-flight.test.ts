import { once } from 'node:events';
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { JSON_BODY, startServer, token, type Reply, type TestServer } from '../helpers/server.js';
import { NDJSON, Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();
const { postTo, stored } = recordings;

const KIB = 1024;
let server: TestServer;
beforeAll(async () => {
  server = await startServer(recordings.world.test, {
    maxBodyBytesInFlight: 400 * KIB,
    stallMs: 500,
  });
});
afterAll(() => server.close());

/** About 100 KiB of pings that no other body has. */
function pings(body: number, minBytes = 100 * KIB): { text: string; count: number } {
  const count = Math.ceil(minBytes / 80);
  const all = Array.from({ length: count }, (_, index) => recordings.ping(body * 10_000 + index));
  return { text: JSON.stringify(all), count };
}

/** A request of which a part of the body has been sent. */
function begin(path: string, part: string | Buffer, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(server.url);
  const sent = send({
    hostname,
    port,
    path: `/api/v1/${path}`,
    method: 'POST',
    agent: false,
    headers: { ...JSON_BODY, ...token(recordings.world.ours.admin), ...headers },
  });
  sent.on('error', () => undefined);
  sent.write(part);
  return sent;
}

async function statusOf(sent: ClientRequest): Promise<number | undefined> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

async function untilRecorded(path: string, body: string | Buffer, headers = {}): Promise<Reply> {
  for (;;) {
    const reply = await postTo(server, path, body, headers);
    if (reply.status !== 503) return reply;
  }
}

describe('Bodies in flight', () => {
  beforeEach(async () => {
    // Bodies that an earlier test left unfinished are cut once the server accepts a body that fills
    // the bound alone.
    expect((await untilRecorded(recordings.path, pings(99, 300 * KIB).text)).status).toBe(201);
  });

  test.each([
    ['JSON', {}, (text: string) => text],
    ['gzip', { 'Content-Encoding': 'gzip' }, (text: string) => gzipSync(text)],
    ['NDJSON', NDJSON, (text: string) => text.slice(1, -1).replaceAll('},{', '}\n{')],
  ])(
    'bodies of %s beyond the bound are 503 with Retry-After, and recorded when they are sent again',
    async (_, headers, encode) => {
      const bodies = Array.from({ length: 12 }, (_each, index) => pings(index));
      const replies = await Promise.all(
        bodies.map(({ text }) => postTo(server, 'pings/', encode(text), headers)),
      );
      const refused = replies.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      for (const reply of refused) {
        expect(reply.headers['retry-after']).toBe('1');
        expect(reply.body).toEqual({ detail: 'Service temporarily unavailable, try again later.' });
      }
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(12 - refused.length);
      for (const { text } of bodies) {
        const { status, body } = await untilRecorded('pings/', encode(text), headers);
        expect([status, body.recorded + body.duplicates]).toEqual([201, bodies[0]!.count]);
      }
      const own = await stored();
      expect(own.length).toBeGreaterThanOrEqual(12 * bodies[0]!.count);
    },
  );

  test('the unfinished bodies of one account leave room for another account', async () => {
    const unfinished = [0, 1, 2].map((index) => begin('pings/', pings(index).text));
    expect(await Promise.race(unfinished.map(statusOf))).toBe(503);
    const theirs = await postTo(
      server,
      'pings/',
      JSON.stringify(
        Array.from({ length: 1000 }, (_, index) => recordings.ping(index, 1, recordings.theirs)),
      ),
      token(recordings.world.theirs.admin),
    );
    expect(theirs.status).toBe(201);
    for (const sent of unfinished) sent.destroy();
  });

  test('a client that stops in the middle of its body is cut, and nothing is recorded', async () => {
    const sent = begin(recordings.path, pings(0).text.slice(0, 1000));
    const [error] = (await once(sent, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(await stored()).toHaveLength(pings(99, 300 * KIB).count);
    expect(server.log).toEqual([]);
  });

  test('a body of many small objects counts as what it takes in memory once it is parsed', async () => {
    const small = `[${'{},'.repeat(30_000)}`;
    const unfinished = begin('pings/', pings(0, 10 * KIB).text.slice(0, -1));
    let reply = await postTo(server, 'pings/', small);
    while (reply.status === 400) reply = await postTo(server, 'pings/', small);
    expect(reply.status).toBe(503);
    unfinished.destroy();
    expect((await untilRecorded('pings/', small)).status).toBe(400);
  });

  test('a body that is alone is accepted although it is larger than the bound', async () => {
    const { text, count } = pings(3, 600 * KIB);
    const reply = await untilRecorded('pings/', text);
    expect([reply.status, reply.body]).toEqual([201, { recorded: count, duplicates: 0 }]);
  });
});
