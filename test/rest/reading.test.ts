import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, createServerWorld, startServer, token, type World } from '../helpers/server.js';

const WRONG =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';
const NOT_FOUND = { status: 404, body: { detail: 'Not found.' } };
const INVALID_PAGE = { status: 404, body: { detail: 'Invalid page.' } };

let world: World;
let sensor: number;
let empty: number;
let theirSensor: number;

const get = (path: string, headers: Record<string, string> = {}) =>
  call(world.server.url, `/api/v1/${path}`, {
    headers: { ...token(world.ours.reader), ...headers },
  });

beforeAll(async () => {
  world = await createServerWorld();
  const { services } = world.server;
  const { principal } = world.ours;
  const create = async (input: Parameters<typeof services.sensors.create>[1]) =>
    (await services.sensors.create(principal, input)).id;
  sensor = await create({
    name: 'Sensor "1" ünï',
    latitude: 29.760435,
    longitude: -95.3698,
    pipeDiameter: 14.64,
    activatedAt: new Date('2019-01-01T00:00:00.5Z'),
  });
  empty = await create({ name: 'Sensor 2' });
  theirSensor = (await services.sensors.create(world.theirs.principal, { name: 'Theirs' })).id;
  const at = (datetime: string, flowrate: number, sensorId = sensor) => ({
    sensorId,
    datetime: new Date(datetime),
    flowrate,
  });
  await services.pings.record(
    principal,
    [
      at('2019-02-05T19:00:00Z', 2400),
      at('2019-02-05T20:00:00.123Z', 0),
      at('2019-02-05T21:00:00Z', -2400.25),
    ],
    { onConflict: 'REJECT' },
  );
  await services.pings.record(
    world.theirs.principal,
    [at('2019-02-05T19:00:00Z', 1, theirSensor)],
    { onConflict: 'REJECT' },
  );
});
afterAll(() => world.close());

describe('The documented bodies, keys in the documented order', () => {
  test('flow_sensors/', async () => {
    const reply = await get('flow_sensors/');
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.stringify(reply.body)).toBe(
      `{"count":2,"next":null,"previous":null,"results":[{"id":${sensor},"name":"Sensor \\"1\\" ünï","latitude":29.760435,"longitude":-95.3698,"pipe_diameter":14.64,"last_ping_flowrate":-2400.25,"last_ping_datetime":"2019-02-05T21:00:00Z","activated_at":"2019-01-01T00:00:00.500Z"},{"id":${empty},"name":"Sensor 2","latitude":null,"longitude":null,"pipe_diameter":null,"last_ping_flowrate":null,"last_ping_datetime":null,"activated_at":null}]}`,
    );
  });

  test('flow_sensors/ID/', async () => {
    const list = await get('flow_sensors/');
    expect((await get(`flow_sensors/${sensor}/`)).body).toEqual(list.body.results[0]);
    expect(Object.keys((await get(`flow_sensors/${empty}/`)).body)).toEqual(
      Object.keys(list.body.results[1]),
    );
  });

  test('pings/, newest first', async () => {
    const { body, text } = await get(`flow_sensors/${sensor}/pings/`);
    const [first, second, third] = body.results;
    expect(text).toContain(
      `{"id":${first.id},"sensor_id":${sensor},"sensor_name":"Sensor \\"1\\" ünï","flowrate":-2400.25,"datetime":"2019-02-05T21:00:00Z"}`,
    );
    expect(second).toMatchObject({ flowrate: 0, datetime: '2019-02-05T20:00:00.123Z' });
    expect(third).toMatchObject({ flowrate: 2400, datetime: '2019-02-05T19:00:00Z' });
    expect(body).toMatchObject({ count: 3, next: null, previous: null });
  });

  test('flow_volume/', async () => {
    const { text } = await get(
      `flow_sensors/${sensor}/flow_volume/2019-02-05T19:00:00Z/2019-02-05T19:30:00Z/`,
    );
    const volume = 2400 * 0.5 * (1800 / 86_400) * (1 + 1 - 1800 / 3600.123);
    expect(text).toBe(
      `{"sensor_id":${sensor},"sensor_name":"Sensor \\"1\\" ünï","flow_volume":${Number(volume.toFixed(6))},"start":"2019-02-05T19:00:00Z","end":"2019-02-05T19:30:00Z"}`,
    );
  });

  test('flow_volume_hours/, newest first, the first and last clipped', async () => {
    const { body, text } = await get(
      `flow_sensors/${sensor}/flow_volume_hours/2019-02-05T19:30:00Z/2019-02-05T21:15:00Z/`,
    );
    expect(Object.keys(body)).toEqual(['count', 'next', 'previous', 'results']);
    expect(text).toContain(
      `{"sensor_id":${sensor},"sensor_name":"Sensor \\"1\\" ünï","flow_volume":`,
    );
    const ranges = body.results.map(({ start, end }: any) => `${start} ${end}`);
    expect(ranges).toEqual([
      '2019-02-05T21:00:00Z 2019-02-05T21:15:00Z',
      '2019-02-05T20:00:00Z 2019-02-05T21:00:00Z',
      '2019-02-05T19:30:00Z 2019-02-05T20:00:00Z',
    ]);
    expect(body.results[0].flow_volume).toBe(0);
    expect(body.count).toBe(3);
  });

  test('whatever Accept says', async () => {
    for (const Accept of ['text/html', 'application/xml', 'nonsense']) {
      const { status, headers } = await get('flow_sensors/', { Accept });
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    }
  });
});

describe('Volumes in REST', () => {
  test('the echoed start and end are the parsed instants in UTC', async () => {
    const { body } = await get(
      `flow_sensors/${sensor}/flow_volume/2019-02-05%2014:00-05:00/2019-02-05T20:41:02,1239+0000/`,
    );
    expect(body).toMatchObject({ start: '2019-02-05T19:00:00Z', end: '2019-02-05T20:41:02.123Z' });
  });

  test.each([
    ['a plus', '2019-02-05T20:00:00+01:00'],
    ['an encoded plus', '2019-02-05T20:00:00%2B01:00'],
    ['a plus that arrived as a space', '2019-02-05T20:00:00%2001:00'],
    ['encoded colons', '2019-02-05T19%3A00%3A00Z'],
  ])('a path datetime may hold %s', async (_, start) => {
    const { body } = await get(`flow_sensors/${sensor}/flow_volume/${start}/2019-02-06/`);
    expect(body).toMatchObject({ start: '2019-02-05T19:00:00Z', end: '2019-02-06T00:00:00Z' });
  });

  test('END before START is refused, equal is volume 0 and no hours', async () => {
    for (const path of ['flow_volume', 'flow_volume_hours']) {
      const reply = await get(`flow_sensors/${sensor}/${path}/2019-02-06/2019-02-05/`);
      expect(reply).toMatchObject({ status: 400, body: { end: ['Must not be before start.'] } });
    }
    const equal = await get(`flow_sensors/${sensor}/flow_volume/2019-02-05/2019-02-05/`);
    expect(equal.body.flow_volume).toBe(0);
    const hours = await get(`flow_sensors/${sensor}/flow_volume_hours/2019-02-05/2019-02-05/`);
    expect(hours.body).toEqual({ count: 0, next: null, previous: null, results: [] });
  });

  test('both datetimes at fault are both told', async () => {
    const reply = await get(`flow_sensors/${sensor}/flow_volume/20190205/2019-02-05t00:00Z/`);
    expect(reply).toMatchObject({ status: 400, body: { start: [WRONG], end: [WRONG] } });
  });

  test('large volumes are rounded right and stay numbers', async () => {
    const { services } = world.server;
    const id = (await services.sensors.create(world.ours.principal, { name: 'Large' })).id;
    const day = (text: string, flowrate: number) => ({
      sensorId: id,
      datetime: new Date(text),
      flowrate,
    });
    const pings = [day('2001-01-01T00:00:00Z', 1e15), day('2011-01-01T00:00:00Z', 1e15)];
    await services.pings.record(world.ours.principal, pings, { onConflict: 'REJECT' });
    const { body } = await get(`flow_sensors/${id}/flow_volume/2001-01-01/2011-01-01/`);
    expect(body.flow_volume).toBe(3652e15);
    await world.test.database.pool.query('DELETE FROM ping WHERE sensor_id = $1', [id]);
    await world.test.database.pool.query('DELETE FROM flow_sensor WHERE id = $1', [id]);
  });

  test('an hour list of 9998 years is still a list', async () => {
    const path = `flow_sensors/${sensor}/flow_volume_hours/0001-01-01/9999-01-01/`;
    const first = await get(path);
    expect(first.body.count).toBe(
      (Date.UTC(9999, 0) - Date.parse('0001-01-01T00:00:00Z')) / 3_600_000,
    );
    expect(first.body.results).toHaveLength(1000);
    expect(first.body.results[0].end).toBe('9999-01-01T00:00:00Z');
    const last = await get(`${path}?page=last`);
    expect(last.body.results.at(-1).start).toBe('0001-01-01T00:00:00Z');
    expect(last.body.next).toBeNull();
  });
});

describe('Ranges of pings', () => {
  test.each([
    ['both inclusive', '?start=2019-02-05T19:00:00Z&end=2019-02-05T20:00:00.123Z', 2],
    ['start alone', '?start=2019-02-05T20:00:00.123Z', 2],
    ['end alone', '?end=2019-02-05T20:00:00.122Z', 1],
    ['start after end', '?start=2019-02-06&end=2019-02-05', 0],
    ['the last of a parameter counts', '?start=2030-01-01&start=2019-02-05T21:00:00Z', 1],
    ['empty counts as not given', '?start=&end=', 3],
    ['empty last counts as not given', '?start=2030-01-01&start=', 3],
    ['a plus that arrives as a space', '?start=2019-02-05T22:00:00+01:00', 1],
    ['an encoded plus', '?start=2019-02-05T22:00:00%2B01:00', 1],
    ['other parameters do not matter', '?format=api&limit=1', 3],
  ])('%s: %s', async (_, query, count) => {
    const { status, body } = await get(`flow_sensors/${sensor}/pings/${query}`);
    expect([status, body.count, body.results.length]).toEqual([200, count, count]);
  });

  test.each([
    ['start', '?start=yesterday', { start: [WRONG] }],
    ['both', '?start=2019-02-30&end=24:00', { start: [WRONG], end: [WRONG] }],
    ['before the page', '?start=x&page=x', { start: [WRONG] }],
    ['malformed percent-encoding', '?end=%zz%', { end: [WRONG] }],
    ['NUL', '?end=%00', { end: [WRONG] }],
  ])('a wrong datetime is told by its field: %s', async (_, query, body) => {
    expect(await get(`flow_sensors/${sensor}/pings/${query}`)).toMatchObject({ status: 400, body });
  });
});

describe('There is no such thing', () => {
  const paths = (id: number | string): string[] => [
    `flow_sensors/${id}/`,
    `flow_sensors/${id}/pings/`,
    `flow_sensors/${id}/pings/?start=nonsense&page=x`,
    `flow_sensors/${id}/flow_volume/2019-02-05/2019-02-06/`,
    `flow_sensors/${id}/flow_volume/nonsense/2019-02-06/`,
    `flow_sensors/${id}/flow_volume/2019-02-06/2019-02-05/`,
    `flow_sensors/${id}/flow_volume_hours/2019-02-05/2019-02-06/`,
    `flow_sensors/${id}/flow_volume_hours/nonsense/2019-02-06/?page=-1`,
  ];

  test.each(['0', '99999999', '2147483648', '9'.repeat(400), '-1', '1.5', 'abc', '%ff', '１'])(
    'as sensor %s, whatever else is wrong',
    async (id) => {
      for (const path of paths(encodeURI(id).replace('%25', '%'))) {
        expect([path, await get(path)]).toMatchObject([path, NOT_FOUND]);
      }
    },
  );

  test("as another account's sensor, whatever else is wrong", async () => {
    for (const path of paths(theirSensor)) {
      expect([path, await get(path)]).toMatchObject([path, NOT_FOUND]);
      const own = await call(world.server.url, `/api/v1/${path}`, {
        headers: token(world.theirs.reader),
      });
      expect([path, own.body]).not.toMatchObject([path, NOT_FOUND.body]);
    }
    const { text } = await get('flow_sensors/?page=last');
    expect(text).not.toContain('Theirs');
  });

  test.each([
    'nowhere/',
    '',
    '/flow_sensors/',
    'flow_sensors//',
    'flow_sensors/1/pings/2/',
    'flow_sensors/1/flow_volume/2019-02-05/',
    'FLOW_SENSORS/',
    'flow_sensors/abc',
    'openapi.json/',
    'flow_sensors/%',
  ])('as %j', async (path) => {
    expect(await get(path)).toMatchObject(NOT_FOUND);
  });
});

describe('Methods', () => {
  test.each([
    ['PUT', 'flow_sensors/', 'GET, HEAD, OPTIONS'],
    ['POST', 'flow_sensors/', 'GET, HEAD, OPTIONS'],
    ['DELETE', 'flow_sensors/1/', 'GET, HEAD, OPTIONS'],
    ['PATCH', 'flow_sensors/1/pings/', 'GET, POST, HEAD, OPTIONS'],
    ['GET', 'pings/', 'POST, OPTIONS'],
    ['HEAD', 'pings/', 'POST, OPTIONS'],
    ['POST', 'flow_sensors/1/flow_volume/a/b/', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405', async (method, path, allow) => {
    const reply = await call(world.server.url, `/api/v1/${path}`, {
      method,
      headers: token(world.ours.admin),
    });
    expect(reply).toMatchObject({ status: 405, headers: { allow } });
    if (method !== 'HEAD')
      expect(reply.body).toEqual({ detail: `Method "${method}" not allowed.` });
  });

  test('HEAD answers as GET, without the body', async () => {
    const path = `/api/v1/flow_sensors/${sensor}/pings/`;
    const headers = token(world.ours.reader);
    const head = await call(world.server.url, path, { method: 'HEAD', headers });
    const whole = await call(world.server.url, path, { headers });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
  });

  test('OPTIONS describes', async () => {
    const reply = await call(world.server.url, '/api/v1/pings/', {
      method: 'OPTIONS',
      headers: token(world.ours.reader),
    });
    expect(reply).toMatchObject({ status: 200, headers: { allow: 'POST, OPTIONS' } });
    expect(reply.body).toEqual({
      name: 'Ping Record',
      description: expect.any(String),
      renders: ['application/json'],
      parses: ['application/json', 'application/x-ndjson'],
    });
  });

  test.each([
    ['GET', 'flow_sensors', 301, '/api/v1/flow_sensors/'],
    ['GET', 'flow_sensors?page=2&a=%20b', 301, '/api/v1/flow_sensors/?page=2&a=%20b'],
    ['HEAD', 'flow_sensors/1/pings?start=?', 301, '/api/v1/flow_sensors/1/pings/?start=?'],
    ['GET', 'flow_sensors/1/flow_volume/a%3A/b', 301, '/api/v1/flow_sensors/1/flow_volume/a%3A/b/'],
    ['POST', 'pings?on_conflict=overwrite', 308, '/api/v1/pings/?on_conflict=overwrite'],
  ])('%s %s without its slash is %d', async (method, path, status, location) => {
    const reply = await call(world.server.url, `/api/v1/${path}`, {
      method,
      headers: token(world.ours.admin),
    });
    expect(reply).toMatchObject({ status, headers: { location } });
  });
});

describe('Pages', () => {
  const hours = () =>
    `flow_sensors/${sensor}/flow_volume_hours/2019-01-01T00:00:00Z/2019-04-01T00:00:00Z/`;
  const links = async (query: string, headers: Record<string, string> = {}) => {
    const { status, body } = await get(hours() + query, headers);
    const base = `${world.server.url}/api/v1/${hours()}`;
    const told = (link: string | null) => link?.replace(base, '') ?? null;
    return [status, told(body.previous), told(body.next), body.results?.length];
  };

  test.each([
    ['', null, '?page=2', 1000],
    ['?page=1', null, '?page=2', 1000],
    ['?page=2', '', '?page=3', 1000],
    ['?page=3', '?page=2', null, 160],
    ['?page=last', '?page=2', null, 160],
    ['?page=02', '', '?page=3', 1000],
    ['?page=%202', '', '?page=3', 1000],
    ['?page=+2+', '', '?page=3', 1000],
    ['?page=%2B2', '', '?page=3', 1000],
    ['?page=0_2', '', '?page=3', 1000],
    ['?page=%D9%A2', '', '?page=3', 1000],
    ['?page=9&page=2', '', '?page=3', 1000],
    ['?z=1&page=2&b=&a=x%20y', '?a=x+y&b=&z=1', '?a=x+y&b=&page=3&z=1', 1000],
    ['?q=a~b*c(d)&page=3', '?page=2&q=a~b%2Ac%28d%29', null, 160],
    ['?c=2&page=1&c=1&empty', null, '?c=2&c=1&empty=&page=2', 1000],
    ['?%C3%BC=%F0%9F%9B%A2&page=2', '?%C3%BC=%F0%9F%9B%A2', '?page=3&%C3%BC=%F0%9F%9B%A2', 1000],
  ])('%j has previous %j and next %j', async (query, previous, next, length) => {
    expect(await links(query)).toEqual([200, previous, next, length]);
  });

  test.each([
    '?page=0',
    '?page=-1',
    '?page=4',
    '?page=',
    '?page=1.0',
    '?page=abc',
    '?page=LAST',
    '?page=1__0',
    '?page=_1',
    '?page=1e0',
    '?page=0x1',
    '?page=99999999999999999999',
    '?page=2&page=',
    '?page=%00',
  ])('%s is invalid', async (query) => {
    expect(await get(hours() + query)).toMatchObject(INVALID_PAGE);
    expect(await get(`flow_sensors/${query}`)).toMatchObject(INVALID_PAGE);
    expect(await get(`flow_sensors/${sensor}/pings/${query}`)).toMatchObject(INVALID_PAGE);
  });

  test('page 1 of an empty list is empty, and there is no other', async () => {
    const none = { count: 0, next: null, previous: null, results: [] };
    const path = `flow_sensors/${empty}/pings/`;
    for (const query of ['', '?page=1', '?page=last']) {
      expect((await get(path + query)).body).toEqual(none);
    }
    expect(await get(`${path}?page=2`)).toMatchObject(INVALID_PAGE);
  });

  test('links follow the Host header, and no X-Forwarded header of a stranger', async () => {
    const { body } = await get(`${hours()}?page=2`, {
      Host: 'flow.example.com:8080',
      'X-Forwarded-Host': 'evil.example.com',
      'X-Forwarded-Proto': 'https',
    });
    expect(body.next).toBe(`http://flow.example.com:8080/api/v1/${hours()}?page=3`);
  });

  test('links follow X-Forwarded-Proto and -Host of a trusted proxy', async () => {
    const server = await startServer(world.test, { trustedProxies: ['127.0.0.0/8'] });
    const ask = async (headers: Record<string, string>) => {
      const { body } = await call(server.url, `/api/v1/${hours()}`, {
        headers: { ...token(world.ours.reader), Host: 'inside:1', ...headers },
      });
      return body.next.split('/api/')[0];
    };
    expect(
      await ask({ 'X-Forwarded-Host': 'flow.example.com', 'X-Forwarded-Proto': 'https' }),
    ).toBe('https://flow.example.com');
    expect(await ask({ 'X-Forwarded-Proto': 'https' })).toBe('https://inside:1');
    expect(await ask({ 'X-Forwarded-Host': 'a.example.com, b' })).toBe('http://a.example.com');
    expect(await ask({ 'X-Forwarded-Host': '"><script>' })).toBe('http://inside:1');
    expect(await ask({ 'X-Forwarded-Proto': 'gopher' })).toBe('http://inside:1');
    await server.close();
  });
});
