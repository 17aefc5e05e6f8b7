import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServerWorld, type World } from '../helpers/server.js';

/** More than what the sockets between client and server hold. */
const LENGTH = 16 * 2 ** 20;
const SPACES = Buffer.alloc(LENGTH, ' ');
const ZIPPED = gzipSync(SPACES, { level: 0 });
const JSON_TYPE = 'Content-Type: application/json';
const LINES = 'Content-Type: application/x-ndjson';
const CHUNKED = 'Transfer-Encoding: chunked';
const GZIP = 'Content-Encoding: gzip';

describe('The rest of a body that is answered early is skipped', () => {
  let world: World;
  beforeAll(async () => {
    world = await createServerWorld({ maxBodyBytes: LENGTH / 2 });
  });
  afterAll(() => world.close());

  test.each([
    ['too long, without a length', 413, [JSON_TYPE, CHUNKED], chunked(SPACES)],
    ['too long, once unzipped', 413, [JSON_TYPE, GZIP, lengthOf(ZIPPED)], ZIPPED],
    ['an error in the first line', 400, [LINES, CHUNKED], chunked(withError(SPACES))],
    ['not zipped as it says', 400, [JSON_TYPE, GZIP, lengthOf(SPACES)], SPACES],
    ['of another type', 415, ['Content-Type: text/plain', lengthOf(SPACES)], SPACES],
  ])(
    'after a request whose body is not read, the connection’s next request is answered: %s',
    async (_, status, headers, body) => {
      const head = ['POST /api/v1/pings/ HTTP/1.1', ...headers];
      expect(await statuses(head, body)).toEqual([status, 200]);
    },
  );

  test.each(['/api/v1/pings/', '/graphql'])(
    'a client that sends its whole body first gets the response before its connection ends: %s',
    async (path) => {
      const { hostname, port } = new URL(world.server.url);
      const socket = connect(Number(port), hostname);
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: flowgate',
        'Connection: close',
        `Authorization: Token ${world.ours.admin}`,
        JSON_TYPE,
        lengthOf(SPACES),
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      await new Promise<unknown>((resolve) => socket.write(SPACES, resolve));
      let text = '';
      for await (const part of socket) text += String(part);
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      expect(text).toContain(`${LENGTH / 2} bytes`);
    },
  );

  /** Of a request and of one after it, sent both before there is any answer. */
  async function statuses(head: string[], body: Buffer): Promise<number[]> {
    const { hostname, port } = new URL(world.server.url);
    const socket = connect(Number(port), hostname);
    const own = [...head, 'Host: flowgate', `Authorization: Token ${world.ours.admin}`];
    socket.write(`${own.join('\r\n')}\r\n\r\n`);
    socket.write(body);
    socket.write('GET /healthz HTTP/1.1\r\nHost: flowgate\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const part of socket) text += String(part);
    return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  }
});

function lengthOf(body: Buffer): string {
  return `Content-Length: ${body.length}`;
}

function chunked(body: Buffer): Buffer {
  const size = `${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(size), body, Buffer.from('\r\n0\r\n\r\n')]);
}

function withError(lines: Buffer): Buffer {
  const body = Buffer.from(lines);
  body.write('x\n');
  return body;
}
