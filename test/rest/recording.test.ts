import { request as send } from 'node:http';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  call,
  createServerWorld,
  startServer,
  token,
  type Reply,
  type TestServer,
  type World,
} from '../helpers/server.js';

const WRONG =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';
const REQUIRED = 'This field is required.';
const NULL = 'This field may not be null.';
const NUMBER = 'A valid number is required.';
const INTEGER = 'A valid integer is required.';
const AT = '2019-02-05T20:00:00Z';

let world: World;
let sensor: number;
let other: number;
let theirs: number;

beforeAll(async () => {
  world = await createServerWorld();
  const { sensors } = world.server.services;
  theirs = (await sensors.create(world.theirs.principal, { name: 'Theirs' })).id;
});
beforeEach(async () => {
  const { sensors } = world.server.services;
  sensor = (await sensors.create(world.ours.principal, { name: 'One' })).id;
  other = (await sensors.create(world.ours.principal, { name: 'Other' })).id;
});
afterAll(() => world.close());

type Body = string | Buffer | object;

function post(path: string, body: Body, headers: Record<string, string> = {}): Promise<Reply> {
  return postTo(world.server, path, body, headers);
}

function postTo(
  server: TestServer,
  path: string,
  body: Body,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  return call(server.url, `/api/v1/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...token(world.ours.admin), ...headers },
    body: isText ? body : JSON.stringify(body),
  });
}

const NDJSON = { 'Content-Type': 'application/x-ndjson' };
const ofSensor = () => `flow_sensors/${sensor}/pings/`;
const ping = (index: number, flowrate = index, sensor_id = sensor) => ({
  sensor_id,
  flowrate,
  datetime: new Date(Date.parse(AT) + index * 1000).toISOString(),
});

async function held(id = sensor): Promise<unknown[][]> {
  const { rows } = await world.test.database.pool.query<{ datetime: Date; flowrate: number }>(
    'SELECT datetime, flowrate FROM ping WHERE sensor_id = $1 ORDER BY datetime',
    [id],
  );
  return rows.map(({ datetime, flowrate }) => [datetime.toISOString(), flowrate]);
}

describe('POST flow_sensors/ID/pings/', () => {
  test('takes one ping', async () => {
    const reply = await post(ofSensor(), { flowrate: 5.5, datetime: '2019-02-05T21:00:00+01:00' });
    expect([reply.status, reply.text]).toEqual([201, '{"recorded":1,"duplicates":0}']);
    expect(await held()).toEqual([['2019-02-05T20:00:00.000Z', 5.5]]);
  });

  test("a single ping's datetime defaults to the time of arrival", async () => {
    const before = Date.now();
    expect(await post(ofSensor(), { flowrate: 1 })).toMatchObject({ status: 201 });
    const [[datetime]] = (await held()) as [[string]];
    expect(Date.parse(datetime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(datetime)).toBeLessThanOrEqual(Date.now());
  });

  test('takes an array, and an empty one', async () => {
    const reply = await post(ofSensor(), [ping(0), ping(1), ping(0)]);
    expect(reply).toMatchObject({ status: 201, body: { recorded: 2, duplicates: 1 } });
    expect(await post(ofSensor(), [])).toMatchObject({
      status: 201,
      body: { recorded: 0, duplicates: 0 },
    });
  });

  test.each([
    ['nothing', {}, { flowrate: [REQUIRED] }],
    ['null', { flowrate: null, datetime: null }, { flowrate: [NULL], datetime: [NULL] }],
    ['text', { flowrate: '5' }, { flowrate: [NUMBER] }],
    ['true', { flowrate: true }, { flowrate: [NUMBER] }],
    ['a list', { flowrate: [5] }, { flowrate: [NUMBER] }],
    ['a wrong datetime', { flowrate: 5, datetime: '2019-02-05t00:00Z' }, { datetime: [WRONG] }],
    ['a number for a datetime', { flowrate: 5, datetime: 1549399262 }, { datetime: [WRONG] }],
    ['an empty datetime', { flowrate: 5, datetime: '' }, { datetime: [WRONG] }],
    ['too large', { flowrate: 1.1e15 }, { flowrate: [expect.stringContaining('1e15')] }],
    ['too small', { flowrate: 1e-31 }, { flowrate: [expect.stringContaining('1e-30')] }],
    [
      'a day and more ahead',
      { flowrate: 5, datetime: '9999-01-01' },
      { datetime: [expect.stringContaining('24 hours')] },
    ],
    [
      'all at once',
      { flowrate: '5', datetime: '9999-01-01' },
      { flowrate: [NUMBER], datetime: [expect.stringContaining('24 hours')] },
    ],
  ])("a single ping's faults are keyed by field alone: %s", async (_, body, faults) => {
    const reply = await post(ofSensor(), body);
    expect([reply.status, reply.body]).toEqual([400, faults]);
    expect(await held()).toEqual([]);
  });

  test.each([
    ['text', '"x"', 'Invalid data. Expected a dictionary, but got str.'],
    ['a number', '1', 'Invalid data. Expected a dictionary, but got int.'],
    ['null', 'null', 'Invalid data. Expected a dictionary, but got NoneType.'],
  ])('%s is no ping', async (_, body, message) => {
    expect(await post(ofSensor(), body)).toMatchObject({
      status: 400,
      body: { non_field_errors: [message] },
    });
  });

  test('1e400 is no flowrate', async () => {
    const reply = await post(ofSensor(), '{"flowrate":1e400}');
    expect([reply.status, Object.keys(reply.body)]).toEqual([400, ['flowrate']]);
  });

  test('of a key given twice the last counts', async () => {
    const reply = await post(ofSensor(), `{"flowrate":"x","flowrate":2,"datetime":"${AT}"}`);
    expect(reply.status).toBe(201);
    expect(await held()).toEqual([['2019-02-05T20:00:00.000Z', 2]]);
  });

  test.each([
    ['sound', [{ flowrate: 1, datetime: AT }]],
    ['single', { flowrate: 1 }],
    ['empty', []],
    ['faulty', { flowrate: 'x' }],
    ['no JSON', '{'],
    ['of another type', 'x', 'text/plain'],
    ['too many', Array.from({ length: 100_001 }, () => 0)],
  ])(
    'a sensor that the account does not have is 404, whatever else: %s',
    async (_, body, type = 'application/json') => {
      for (const id of [theirs, 2_000_000_000, 3_000_000_000]) {
        const path = `flow_sensors/${id}/pings/?on_conflict=${type === 'text/plain' ? 'x' : 'reject'}`;
        for (const key of [world.ours.admin, world.ours.ingester]) {
          const reply = await post(path, body, { 'Content-Type': type, ...token(key) });
          expect(reply).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
        }
      }
      expect(await held(theirs)).toEqual([]);
    },
  );
});

describe('POST pings/', () => {
  test('takes an array of pings of any sensors', async () => {
    const reply = await post('pings/', [ping(0), ping(1, 5, other)]);
    expect(reply).toMatchObject({ status: 201, body: { recorded: 2, duplicates: 0 } });
    expect([await held(), await held(other)]).toEqual([
      [['2019-02-05T20:00:00.000Z', 0]],
      [['2019-02-05T20:00:01.000Z', 5]],
    ]);
  });

  test('what is no array is refused', async () => {
    const reply = await post('pings/', ping(0));
    expect(reply).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Expected a list of items but got type "dict".'] },
    });
  });

  test('one bad ping rejects the request whole, each fault keyed by its index', async () => {
    const reply = await post('pings/', [
      ping(0),
      { sensor_id: sensor, flowrate: 'x' },
      ping(2, 2, theirs),
      'text',
      { sensor_id: '1', flowrate: 1, datetime: AT },
      { sensor_id: 1.5, flowrate: null, datetime: AT },
      { sensor_id: sensor, flowrate: 1e16, datetime: '9999-01-01' },
      ping(7, 7, 3_000_000_000),
      [],
      { flowrate: false, datetime: false },
    ]);
    const noSuch = (id: number) => [`There is no flow sensor ${id}.`];
    expect([reply.status, reply.body]).toEqual([
      400,
      {
        1: { flowrate: [NUMBER], datetime: [REQUIRED] },
        2: { sensor_id: noSuch(theirs) },
        3: { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] },
        4: { sensor_id: [INTEGER] },
        5: { sensor_id: [INTEGER], flowrate: [NULL] },
        6: {
          flowrate: [expect.stringContaining('1e15')],
          datetime: [expect.stringContaining('24 hours')],
        },
        7: { sensor_id: noSuch(3_000_000_000) },
        8: { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] },
        9: { sensor_id: [REQUIRED], flowrate: [NUMBER], datetime: [WRONG] },
      },
    ]);
    expect(await held()).toEqual([]);
  });

  test('an unknown sensor is told together with what breaks a rule', async () => {
    const reply = await post('pings/', [ping(0, 1, theirs), ping(1, 1e16)]);
    expect(Object.keys(reply.body)).toEqual(['0', '1']);
  });
});

describe('Conflicts', () => {
  test('another flowrate than the one held is 409 and nothing is recorded', async () => {
    await post('pings/', [ping(0, 10), ping(1, 11)]);
    const reply = await post('pings/', [ping(2), ping(0, 99), ping(1, 11), ping(2, 98)]);
    expect([reply.status, reply.body]).toEqual([
      409,
      {
        detail: expect.any(String),
        conflicts: [
          { index: 1, sensor_id: sensor, datetime: '2019-02-05T20:00:00Z', flowrate: 10 },
          { index: 3, sensor_id: sensor, datetime: '2019-02-05T20:00:02Z', flowrate: 2 },
        ],
      },
    ]);
    expect(await held()).toHaveLength(2);
  });

  test('on_conflict=overwrite corrects, and within a request the last wins', async () => {
    await post('pings/', [ping(0, 10)]);
    const reply = await post('pings/?on_conflict=overwrite', [ping(0, 20), ping(1, 1), ping(1, 2)]);
    expect(reply).toMatchObject({ status: 201, body: { duplicates: 0 } });
    expect((await held()).map(([, flowrate]) => flowrate)).toEqual([20, 2]);
  });

  test.each(['', 'OVERWRITE', 'ignore', 'overwrite&on_conflict=x'])(
    'on_conflict=%s is no choice',
    async (choice) => {
      for (const path of ['pings/', ofSensor()]) {
        const reply = await post(`${path}?on_conflict=${choice}`, [ping(0)]);
        expect([reply.status, Object.keys(reply.body)]).toEqual([400, ['on_conflict']]);
      }
    },
  );
});

describe('NDJSON', () => {
  const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

  test('a ping on each line; blank lines do not count; CRLF will do', async () => {
    const body = `\r\n${JSON.stringify(ping(0))}\r\n\n  \t\n${JSON.stringify(ping(1))}`;
    expect(await post('pings/', body, NDJSON)).toMatchObject({
      status: 201,
      body: { recorded: 2, duplicates: 0 },
    });
    expect(await post('pings/', '', NDJSON)).toMatchObject({ status: 201, body: { recorded: 0 } });
  });

  test('faults are keyed by the index among the lines that are not blank', async () => {
    const body = `\n${lines(ping(0))}\n\n${lines({ ...ping(1), flowrate: 'x' })}\n`;
    expect(await post('pings/', body, NDJSON)).toMatchObject({
      status: 400,
      body: { 1: { flowrate: [NUMBER] } },
    });
  });

  test('a line that is no JSON is told by its place in the body', async () => {
    const body = `${lines(ping(0))}\n\n{"flowrate": }\n`;
    const reply = await post('pings/', body, NDJSON);
    expect([reply.status, reply.body]).toEqual([
      400,
      { detail: 'JSON parse error - value expected: line 3 column 14' },
    ]);
  });

  test('lines and characters may be cut anywhere', async () => {
    const text = Buffer.from(`${lines({ ...ping(0), note: 'é🛢' }, ping(1))}\n`);
    const sent = send(`${world.server.url}/api/v1/pings/`, {
      method: 'POST',
      headers: { ...NDJSON, ...token(world.ours.admin) },
    });
    const answered = once(sent, 'response');
    for (const byte of text) {
      if (!sent.write(Buffer.from([byte]))) await once(sent, 'drain');
      await new Promise(setImmediate);
    }
    sent.end();
    const [response] = (await answered) as [import('node:http').IncomingMessage];
    expect(response.statusCode).toBe(201);
    response.resume();
    expect(await held()).toHaveLength(2);
  });

  test('the path of one sensor does not take it', async () => {
    expect(await post(ofSensor(), lines(ping(0)), NDJSON)).toMatchObject({
      status: 415,
      body: { detail: 'Unsupported media type "application/x-ndjson" in request.' },
    });
  });

  test('a client that goes away in the middle has recorded nothing', async () => {
    const sent = send(`${world.server.url}/api/v1/pings/`, {
      method: 'POST',
      headers: { ...NDJSON, ...token(world.ours.admin) },
    });
    sent.on('error', () => undefined);
    const arrived = once(world.server.http.server, 'request');
    sent.write(`${lines(...Array.from({ length: 2000 }, (_, index) => ping(index)))}\n`);
    const [request] = (await arrived) as [import('node:http').IncomingMessage];
    const closed = new Promise((resolve) => request.once('close', resolve));
    sent.destroy();
    await closed;
    expect(await post('pings/', [ping(9999)])).toMatchObject({ status: 201 });
    expect(await held()).toHaveLength(1);
    expect(world.server.log).toEqual([]);
  });
});

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
  ])('%s is no JSON, and the place is told', async (_, body, message) => {
    const reply = await post('pings/', body);
    expect([reply.status, reply.body]).toEqual([400, { detail: `JSON parse error - ${message}` }]);
  });

  test('what is no UTF-8 is told with its place', async () => {
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

  test('what is nested without end is refused', async () => {
    const reply = await post('pings/', '['.repeat(1_000_000));
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^JSON/) } });
  });

  test.each([
    ['text/plain', 'Unsupported media type "text/plain" in request.'],
    ['application/x-www-form-urlencoded', undefined],
    ['application/json; charset=latin1', undefined],
    ['', 'Unsupported media type "" in request.'],
  ])('%j is 415', async (type, detail = `Unsupported media type "${type}" in request.`) => {
    const reply = await post('pings/', [], { 'Content-Type': type });
    expect(reply).toMatchObject({ status: 415, body: { detail } });
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      expect(await post('pings/', [], { 'Content-Type': type })).toMatchObject({ status: 201 });
    },
  );

  test('gzip is understood', async () => {
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
    server = await startServer(world.test, { maxBodyBytes: 2000, maxPings: 3 });
  });
  afterAll(() => server.close());

  const TOO_LONG = {
    status: 413,
    body: { detail: 'A request body has at most 2000 bytes, decoded.' },
  };
  const TOO_MANY = { status: 413, body: { detail: 'A request holds at most 3 pings.' } };

  test.each([
    ['of a length that is told', {}, 2001],
    ['of one that is not', { 'Transfer-Encoding': 'chunked' }, 2001],
    ['much longer', { 'Transfer-Encoding': 'chunked' }, 5_000_000],
    ['lines', { ...NDJSON, 'Transfer-Encoding': 'chunked' }, 5_000_000],
  ])('a longer body is 413: %s', async (_, headers: Record<string, string>, length) => {
    const reply = await postTo(server, 'pings/', Buffer.alloc(length, ' '), headers);
    expect(reply).toMatchObject(TOO_LONG);
  });

  test('the decoded length counts', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const zip = { 'Content-Encoding': 'gzip' };
    expect(await postTo(server, 'pings/', bomb, zip)).toMatchObject(TOO_LONG);
    expect(await postTo(server, 'pings/', bomb, { ...zip, ...NDJSON })).toMatchObject(TOO_LONG);
    const just = Buffer.from(`[${' '.repeat(1998)}]`);
    expect(await postTo(server, 'pings/', just)).toMatchObject({ status: 201 });
    expect(await postTo(server, 'pings/', gzipSync(just), zip)).toMatchObject({ status: 201 });
  });

  test('more pings are 413', async () => {
    const pings = [0, 1, 2, 3].map((index) => ping(index));
    expect(await postTo(server, 'pings/', pings)).toMatchObject(TOO_MANY);
    expect(await postTo(server, ofSensor(), pings)).toMatchObject(TOO_MANY);
    const lines = pings.map((value) => JSON.stringify(value)).join('\n');
    expect(await postTo(server, 'pings/', lines, NDJSON)).toMatchObject(TOO_MANY);
    expect(await held()).toEqual([]);
    expect(await postTo(server, 'pings/', pings.slice(1))).toMatchObject({ status: 201 });
  });
});
