import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NDJSON, Recordings } from '../helpers/recordings.js';
import { startServer, type TestServer } from '../helpers/server.js';

const recordings = new Recordings();
const { stored, ping, post, postTo } = recordings;

describe('Bodies', () => {
  test.each([
    ['nothing', '', 'value expected: line 1 column 1'],
    ['a cut one', '[{"flowrate": 1}', 'close bracket expected: line 1 column 17'],
    ['a trailing comma', '[\n1,\n]', 'value expected: line 3 column 1'],
    ['single quotes', "{'a': 1}", 'invalid symbol: line 1 column 2'],
    ['NaN', '[NaN]', 'invalid symbol: line 1 column 2'],
    ['a comment', '[] // x', 'invalid comment token: line 1 column 4'],
    ['more after it', '[] []', 'end of file expected: line 1 column 4'],
    ['a control character', '["\u0001"]', 'invalid character: line 1 column 2'],
    ['an unknown escape', '["\\x"]', 'invalid escape character: line 1 column 2'],
  ])('a body of %s is not JSON, and the error says where', async (_, body, message) => {
    const reply = await post('pings/', body);
    expect([reply.status, reply.body]).toEqual([400, { detail: `JSON parse error - ${message}` }]);
  });

  test('a body that is not UTF-8 is refused with the place of the error', async () => {
    for (const headers of [{}, NDJSON]) {
      const body = Buffer.concat([
        Buffer.from('["\ufffdé'),
        Buffer.from([0xe9]),
        Buffer.from('"]'),
      ]);
      expect(await post('pings/', body, headers)).toMatchObject({
        status: 400,
        body: { detail: 'JSON parse error - not UTF-8: line 1 column 5' },
      });
    }
  });

  test('a body that is nested too deeply is refused', async () => {
    const reply = await post('pings/', '['.repeat(1_000_000));
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^JSON/) } });
  });

  test.each([
    ['text/plain', 'Unsupported media type "text/plain" in request.'],
    ['application/x-www-form-urlencoded', undefined],
    ['application/json; charset=latin1', undefined],
    ['', 'Unsupported media type "" in request.'],
  ])(
    'the Content-Type %j is 415',
    async (type, detail = `Unsupported media type "${type}" in request.`) => {
      const reply = await post('pings/', [], { 'Content-Type': type });
      expect(reply).toMatchObject({ status: 415, body: { detail } });
    },
  );

  test.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'the Content-Type %s is accepted',
    async (type) => {
      expect(await post('pings/', [], { 'Content-Type': type })).toMatchObject({ status: 201 });
    },
  );

  test('a body compressed with gzip is accepted', async () => {
    const zip = { 'Content-Encoding': 'gzip' };
    const array = gzipSync(JSON.stringify([ping(0)]));
    expect(await post('pings/', array, zip)).toMatchObject({ status: 201, body: { recorded: 1 } });
    const lines = gzipSync(`${JSON.stringify(ping(0))}\n${JSON.stringify(ping(1))}`);
    expect(await post('pings/', lines, { ...zip, ...NDJSON })).toMatchObject({
      status: 201,
      body: { recorded: 1, duplicates: 1 },
    });
    for (const bad of [Buffer.from('[]'), array.subarray(0, 20), Buffer.alloc(0)]) {
      expect(await post('pings/', bad, zip)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/^(Gzip decode|JSON parse) error - /) },
      });
    }
    expect(await post('pings/', array, { 'Content-Encoding': 'br' })).toMatchObject({
      status: 415,
      headers: { 'accept-encoding': 'gzip' },
      body: { detail: 'Unsupported content encoding "br" in request.' },
    });
  });
});

describe('MAX_BODY_BYTES and MAX_PINGS', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(recordings.world.test, { maxBodyBytes: 2000, maxPings: 3 });
  });
  afterAll(() => server.close());

  const TOO_LONG = {
    status: 413,
    body: { detail: 'A request body has at most 2000 bytes, decoded.' },
  };
  const TOO_MANY = { status: 413, body: { detail: 'A request holds at most 3 pings.' } };

  test.each([
    ['with Content-Length', {}, 2001],
    ['of one that is not', { 'Transfer-Encoding': 'chunked' }, 2001],
    ['much longer', { 'Transfer-Encoding': 'chunked' }, 5_000_000],
    ['lines', { ...NDJSON, 'Transfer-Encoding': 'chunked' }, 5_000_000],
  ])(
    'a body longer than MAX_BODY_BYTES is 413: %s',
    async (_, headers: Record<string, string>, length) => {
      const reply = await postTo(server, 'pings/', Buffer.alloc(length, ' '), headers);
      expect(reply).toMatchObject(TOO_LONG);
    },
  );

  test('MAX_BODY_BYTES limits the decoded length', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const zip = { 'Content-Encoding': 'gzip' };
    expect(await postTo(server, 'pings/', bomb, zip)).toMatchObject(TOO_LONG);
    expect(await postTo(server, 'pings/', bomb, { ...zip, ...NDJSON })).toMatchObject(TOO_LONG);
    const just = Buffer.from(`[${' '.repeat(1998)}]`);
    expect(await postTo(server, 'pings/', just)).toMatchObject({ status: 201 });
    expect(await postTo(server, 'pings/', gzipSync(just), zip)).toMatchObject({ status: 201 });
  });

  test('a body of more values than MAX_PINGS pings may be is 413 before it is parsed', async () => {
    const large = await startServer(recordings.world.test, { maxPings: 3 });
    const detail = 'A request body has at most 20060 list elements and object fields.';
    try {
      for (const text of ['{},', '[],', '{"a":[{}]},', '[', '1,']) {
        const body = `[${text.repeat(20_061)}1`;
        for (const headers of [{}, NDJSON]) {
          const reply = await postTo(large, 'pings/', body, headers);
          expect([reply.status, reply.body]).toEqual([413, { detail }]);
        }
      }
    } finally {
      await large.close();
    }
  });

  test('a request with more than MAX_PINGS pings is 413', async () => {
    const pings = [0, 1, 2, 3].map((index) => ping(index));
    expect(await postTo(server, 'pings/', pings)).toMatchObject(TOO_MANY);
    expect(await postTo(server, recordings.path, pings)).toMatchObject(TOO_MANY);
    const lines = pings.map((value) => JSON.stringify(value)).join('\n');
    expect(await postTo(server, 'pings/', lines, NDJSON)).toMatchObject(TOO_MANY);
    expect(await stored()).toEqual([]);
    expect(await postTo(server, 'pings/', pings.slice(1))).toMatchObject({ status: 201 });
  });
});
