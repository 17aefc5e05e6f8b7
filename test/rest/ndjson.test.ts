import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { NDJSON, Recordings } from '../helpers/recordings.js';
import { token } from '../helpers/server.js';

const recordings = new Recordings();
const { stored, ping, post } = recordings;
const NUMBER = 'A valid number is required.';

describe('NDJSON', () => {
  const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

  test('NDJSON has a ping on each line; blank lines are ignored and CRLF is accepted', async () => {
    const body = `\r\n${JSON.stringify(ping(0))}\r\n\n  \t\n${JSON.stringify(ping(1))}`;
    expect(await post('pings/', body, NDJSON)).toMatchObject({
      status: 201,
      body: { recorded: 2, duplicates: 0 },
    });
    expect(await post('pings/', '', NDJSON)).toMatchObject({ status: 201, body: { recorded: 0 } });
  });

  test('errors of NDJSON are keyed by the index among the lines that are not blank', async () => {
    const body = `\n${lines(ping(0))}\n\n${lines({ ...ping(1), flowrate: 'x' })}\n`;
    expect(await post('pings/', body, NDJSON)).toMatchObject({
      status: 400,
      body: { 1: { flowrate: [NUMBER] } },
    });
  });

  test('a line that is not JSON is reported with its place in the body', async () => {
    const body = `${lines(ping(0))}\n\n{"flowrate": }\n`;
    const reply = await post('pings/', body, NDJSON);
    expect([reply.status, reply.body]).toEqual([
      400,
      { detail: 'JSON parse error - value expected: line 3 column 14' },
    ]);
  });

  test('NDJSON may arrive in chunks that split lines and characters', async () => {
    const text = Buffer.from(`${lines({ ...ping(0), note: 'é🛢' }, ping(1))}\n`);
    const sent = send(`${recordings.world.server.url}/api/v1/pings/`, {
      method: 'POST',
      headers: { ...NDJSON, ...token(recordings.world.ours.admin) },
    });
    const answered = once(sent, 'response');
    for (const byte of text) {
      if (!sent.write(Buffer.from([byte]))) await once(sent, 'drain');
      await new Promise(setImmediate);
    }
    sent.end();
    const [response] = (await answered) as [IncomingMessage];
    expect(response.statusCode).toBe(201);
    response.resume();
    expect(await stored()).toHaveLength(2);
  });

  test('the path of one sensor refuses NDJSON', async () => {
    expect(await post(recordings.path, lines(ping(0)), NDJSON)).toMatchObject({
      status: 415,
      body: { detail: 'Unsupported media type "application/x-ndjson" in request.' },
    });
  });

  test('an NDJSON body whose client goes away in the middle records nothing', async () => {
    const sent = send(`${recordings.world.server.url}/api/v1/pings/`, {
      method: 'POST',
      headers: { ...NDJSON, ...token(recordings.world.ours.admin) },
    });
    sent.on('error', () => undefined);
    const arrived = once(recordings.world.server.http.server, 'request');
    sent.write(`${lines(...Array.from({ length: 2000 }, (_, index) => ping(index)))}\n`);
    const [request] = (await arrived) as [IncomingMessage];
    const closed = new Promise((resolve) => request.once('close', resolve));
    sent.destroy();
    await closed;
    expect(await post('pings/', [ping(9999)])).toMatchObject({ status: 201 });
    expect(await stored()).toHaveLength(1);
    expect(recordings.world.server.log).toEqual([]);
  });
});
