import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountServices } from '../helpers/accounts.js';
import {
  basic,
  call,
  createServerWorld,
  startServer,
  token,
  type World,
} from '../helpers/server.js';

let world: World;
const PASSWORD = 'pass:with:colons — ünïcödé 🛢';
const list = (headers: Record<string, string>) =>
  call(world.server.url, '/api/v1/flow_sensors/', { headers });

beforeAll(async () => {
  world = await createServerWorld();
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, { username: 'ada', password: PASSWORD });
});
afterAll(() => world.close());

const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64');

describe('Accepted credentials', () => {
  test.each([
    ['Token', 'Token'],
    ['the scheme is case-insensitive', 'tOkEn'],
    ['more space between', 'Token  '],
  ])('a token is accepted with the scheme %s', async (_, scheme) => {
    const { status } = await list({ Authorization: `${scheme} ${world.ours.reader}` });
    expect(status).toBe(200);
  });

  test('a Basic password may contain colons and any Unicode', async () => {
    const { status } = await list(basic('ada', PASSWORD));
    expect(status).toBe(200);
  });

  test('the name of the scheme Basic is case-insensitive', async () => {
    const { Authorization } = basic('ada', PASSWORD);
    const { status } = await list({ Authorization: Authorization.replace('Basic', 'BASIC') });
    expect(status).toBe(200);
  });
});

describe('Refused credentials', () => {
  test.each([
    ['no header', undefined, 'Authentication credentials were not provided.'],
    ['an empty header', '', 'Authentication credentials were not provided.'],
    ['another scheme', 'Bearer abc', 'Authentication credentials were not provided.'],
    ['a wrong token', 'Token abc', 'Invalid token.'],
    ['a token with strange letters', 'Token \u00fcber', 'Invalid token.'],
    ['no token', 'Token', 'Invalid token header. No credentials provided.'],
    ['no token, in lower case', 'token ', 'Invalid token header. No credentials provided.'],
    [
      'a token of two words',
      'Token a b',
      'Invalid token header. Token string should not contain spaces.',
    ],
    ['no credentials', 'Basic', 'Invalid basic header. No credentials provided.'],
    [
      'credentials of two words',
      'Basic a b',
      'Invalid basic header. Credentials string should not contain spaces.',
    ],
    ['no base64', 'Basic ?!', 'Invalid basic header. Credentials not correctly base64 encoded.'],
    [
      'base64 of wrong length',
      'Basic YQ',
      'Invalid basic header. Credentials not correctly base64 encoded.',
    ],
    [
      'base64 without a colon',
      `Basic ${encode('ada')}`,
      'Invalid basic header. Credentials not correctly base64 encoded.',
    ],
    ['a wrong password', `Basic ${encode('ada:wrong')}`, 'Invalid username/password.'],
    ['an empty password', `Basic ${encode('ada:')}`, 'Invalid username/password.'],
    ['nobody', `Basic ${encode('nobody:x')}`, 'Invalid username/password.'],
    [
      'bytes that are no UTF-8',
      `Basic ${encode(Buffer.from([0xff, 0x3a, 0xff]))}`,
      'Invalid username/password.',
    ],
    ['NUL', `Basic ${encode('a\0:b\0')}`, 'Invalid username/password.'],
  ])('a request with %s is 401 and says why', async (_, header, detail) => {
    const reply = await list(header === undefined ? {} : { Authorization: header });
    expect(reply).toMatchObject({ status: 401, body: { detail } });
    expect(reply.headers['www-authenticate']).toBe('Token, Basic realm="api"');
  });

  test.each([
    ['cors', 'Token'],
    ['no-cors', 'Token'],
    ['navigate', 'Token, Basic realm="api"'],
  ])('a 401 to a request with Sec-Fetch-Mode %s names %s', async (mode, challenge) => {
    const { headers } = await list({ 'Sec-Fetch-Mode': mode });
    expect(headers['www-authenticate']).toBe(challenge);
  });
});

describe('Authentication comes first', () => {
  test.each([
    ['GET', '/api/v1'],
    ['GET', '/api/v1/'],
    ['GET', '/api/v1/nowhere/'],
    ['GET', '/api/v1/flow_sensors'],
    ['GET', '/api/v1/flow_sensors/1/flow_volume/x/y/'],
    ['GET', '/api/v1/flow_sensors/%ff/'],
    ['GET', '/api/v1/openapi.json/'],
    ['HEAD', '/api/v1/flow_sensors/'],
    ['POST', '/api/v1/pings'],
    ['POST', '/api/v1/pings/'],
    ['PUT', '/api/v1/flow_sensors/'],
    ['OPTIONS', '/api/v1/flow_sensors/'],
  ])('%s %s without a credential is 401', async (method, path) => {
    const { status } = await call(world.server.url, path, { method });
    expect(status).toBe(401);
  });

  test('openapi.json alone needs no credential', async () => {
    const { url } = world.server;
    const get = await call(url, '/api/v1/openapi.json');
    expect(get).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
    const head = await call(url, '/api/v1/openapi.json', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    const put = await call(url, '/api/v1/openapi.json', { method: 'PUT' });
    expect(put).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
  });
});

describe('Scopes', () => {
  const PINGS = '/api/v1/pings/';
  const body = '[]';
  const json = { 'Content-Type': 'application/json' };
  const FORBIDDEN = {
    status: 403,
    body: { detail: 'You do not have permission to perform this action.' },
  };

  test.each([
    'flow_sensors/',
    'flow_sensors/?page=x',
    'flow_sensors/1/',
    'flow_sensors/1/pings/?start=x',
    'flow_sensors/1/flow_volume/x/y/',
    'flow_sensors/1/flow_volume_hours/x/y/',
  ])('GET %s needs the scope read', async (path) => {
    const headers = token(world.ours.ingester);
    expect(await call(world.server.url, `/api/v1/${path}`, { headers })).toMatchObject(FORBIDDEN);
  });

  test('recording needs the scope ingest and overwriting admin, which includes both others', async () => {
    const { url } = world.server;
    const { reader, ingester, admin } = world.ours;
    const post = (key: string, query = '') =>
      call(url, PINGS + query, { method: 'POST', headers: { ...json, ...token(key) }, body });
    expect(await post(reader)).toMatchObject(FORBIDDEN);
    expect(await post(ingester)).toMatchObject({ status: 201 });
    expect(await post(ingester, '?on_conflict=overwrite')).toMatchObject(FORBIDDEN);
    expect(await post(admin, '?on_conflict=overwrite')).toMatchObject({ status: 201 });
    expect(await list(token(admin))).toMatchObject({ status: 200 });
  });

  test('a viewer can read and cannot record', async () => {
    const headers = { ...json, ...basic('ada', PASSWORD) };
    const reply = await call(world.server.url, PINGS, { method: 'POST', headers, body });
    expect(reply).toMatchObject(FORBIDDEN);
  });
});

describe('RATE_LIMIT', () => {
  test('requests beyond RATE_LIMIT are 429 and say when to try again', async () => {
    const server = await startServer(world.test, { rateLimit: 2 });
    const headers = token(world.ours.reader);
    const ask = () => call(server.url, '/api/v1/nowhere/', { headers });
    expect([(await ask()).status, (await ask()).status]).toEqual([404, 404]);
    const third = await ask();
    const seconds = third.headers['retry-after'];
    expect(seconds).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(third).toMatchObject({
      status: 429,
      body: { detail: `Request was throttled. Expected available in ${seconds} seconds.` },
    });
    await server.close();
  });
});
