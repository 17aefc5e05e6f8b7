import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpServer } from '../../src/http/http-server.js';
import { Database } from '../../src/storage/postgres/database.js';
import { severable } from '../helpers/severable-connection.js';
import {
  call,
  createServerWorld,
  startServer,
  token,
  type World,
  sendGraphQL,
} from '../helpers/server.js';

let world: World;
beforeAll(async () => {
  world = await createServerWorld({
    corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
  });
});
afterAll(() => world.close());

describe('CORS_ORIGINS', () => {
  const preflight = (origin: string, path = '/api/v1/flow_sensors/') =>
    call(world.server.url, path, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });

  test.each(['/api/v1/flow_sensors/', '/graphql'])(
    'preflights of %s from an allowed origin are answered before authentication',
    async (path) => {
      const reply = await preflight('https://app.example.com', path);
      expect(reply).toMatchObject({
        status: 204,
        headers: {
          'access-control-allow-origin': 'https://app.example.com',
          'access-control-allow-headers': 'authorization,content-type',
        },
      });
      expect(reply.headers['access-control-allow-methods']).toContain('POST');
    },
  );

  test.each([
    'https://evil.example.com',
    'https://app.example.com.evil.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'null',
  ])('the origin %s, which CORS_ORIGINS does not list, is not allowed', async (origin) => {
    const reply = await preflight(origin);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    expect(reply.headers.vary).toContain('Origin');
  });

  test.each(['/api/v1/flow_sensors/', '/graphql'])(
    'answers of %s, refusals too, may be read by a page of an allowed origin',
    async (path) => {
      for (const headers of [token(world.ours.reader), {}]) {
        const reply = await call(world.server.url, path, {
          headers: { Origin: 'http://localhost:5173', ...headers },
        });
        expect(reply.headers['access-control-allow-origin']).toBe('http://localhost:5173');
        expect(reply.headers['access-control-expose-headers']).toContain('Retry-After');
        expect(reply.headers.vary).toContain('Origin');
      }
    },
  );

  test('an OPTIONS that is not a preflight needs a credential', async () => {
    const headers = { Origin: 'https://app.example.com' };
    const reply = await call(world.server.url, '/api/v1/pings/', { method: 'OPTIONS', headers });
    expect(reply.status).toBe(401);
  });

  test('without CORS_ORIGINS no page of another origin may read answers', async () => {
    const server = await startServer(world.test);
    const headers = { Origin: 'https://app.example.com', ...token(world.ours.reader) };
    const reply = await call(server.url, '/api/v1/flow_sensors/', { headers });
    expect(reply.status).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    await server.close();
  });
});

describe('Health', () => {
  test('healthz and readyz need no authentication', async () => {
    const { url } = world.server;
    expect(await call(url, '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call(url, '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(await call(url, '/readyz', { method: 'HEAD' })).toMatchObject({ status: 200 });
    expect(await call(url, '/readyz', { method: 'POST' })).toMatchObject({ status: 405 });
  });

  test('readyz and system show the state of the server to administrators, and only the queue of their own account', async () => {
    const { ours, theirs, test: db } = world;
    await db.database.pool.query(
      `WITH endpoint AS (
         INSERT INTO webhook_endpoint (account_id, url, event_types, secret)
         VALUES ($1, 'https://hooks.example.com/', '{}', 'whsec_eA==') RETURNING id)
       INSERT INTO webhook_delivery (endpoint_id, due_at, event_type, sensor_id, sensor_name)
       SELECT id, now() + interval '1 day', 'ping_received', 1, 'Secret well' FROM endpoint`,
      [theirs.principal.accountId],
    );
    const ready = (headers = {}) => call(world.server.url, '/readyz', { headers });
    const system = {
      version: expect.any(String),
      databaseVersion: expect.stringMatching(/^\d+\./),
      clockSkewSeconds: expect.any(Number),
      appliedMigrations: expect.any(Number),
      pendingMigrations: 0,
      diskFreeBytes: null,
      diskTotalBytes: null,
      replicas: 0,
      usedReplicas: 0,
    };
    const reply = await ready(token(theirs.admin));
    expect(reply.body).toEqual({ status: 'ready', ...system, waitingDeliveries: 1 });
    expect((await ready(token(ours.admin))).body.waitingDeliveries).toBe(0);
    for (const headers of [token(ours.reader), token(ours.ingester), token('wrong'), {}]) {
      expect(await ready(headers)).toMatchObject({ status: 200, body: { status: 'ready' } });
      expect(Object.keys((await ready(headers)).body)).toEqual(['status']);
    }
    const query = `{ system { ${Object.keys(system).join(' ')} waitingDeliveries } }`;
    expect((await sendGraphQL(world, ours.admin, query)).data.system).toEqual({
      ...system,
      waitingDeliveries: 0,
    });
    const refused = await sendGraphQL(world, ours.reader, query);
    expect(refused.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

describe('What is not there', () => {
  test.each(['/nowhere', '/%ff', '/api/v2/', '/API/v1/flow_sensors/'])(
    'the path %s, which does not exist, is 404 or 400',
    async (path) => {
      const reply = await call(world.server.url, path);
      expect([400, 404]).toContain(reply.status);
      expect(Object.keys(reply.body)).toEqual(['detail']);
    },
  );

  test.each(['/healthz', '/readyz', '/favicon.ico', '/', '/graphql'])(
    'no answer may be taken for another type than it says: %s',
    async (path) => {
      for (const method of ['GET', 'PUT']) {
        const { headers } = await call(world.server.url, path, { method });
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
    },
  );

  test('an expectation that the server does not know is ignored', async () => {
    const headers = { Expect: 'foo' };
    const refused = await call(world.server.url, '/api/v1/flow_sensors/', { headers });
    expect([refused.status, refused.body]).toEqual([
      401,
      { detail: 'Authentication credentials were not provided.' },
    ]);
    const path = '/api/v1/flow_sensors/';
    const answered = await call(world.server.url, path, {
      headers: { ...headers, ...token(world.ours.reader) },
    });
    expect(answered.status).toBe(200);
  });

  test('no answer names what the server is made of', async () => {
    const { headers } = await call(world.server.url, '/nowhere');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });
});

describe('When things break', () => {
  test('a failure of the server is 500 without details, and is logged with the id that the answer has', async () => {
    const { url, log } = world.server;
    await world.test.database.pool.query('ALTER TABLE flow_sensor RENAME COLUMN name TO secret');
    try {
      const headers = token(world.ours.reader);
      const reply = await call(url, '/api/v1/flow_sensors/', { headers });
      expect(reply).toMatchObject({ status: 500, body: { detail: 'A server error occurred.' } });
      const logged = JSON.parse(log.at(-1)!);
      expect(logged).toMatchObject({
        requestId: reply.headers['x-request-id'],
        url: '/api/v1/flow_sensors/',
      });
      expect(log.join()).not.toContain(world.ours.reader);
    } finally {
      await world.test.database.pool.query('ALTER TABLE flow_sensor RENAME COLUMN secret TO name');
    }
  });

  test('without a database a request is 503 with Retry-After, readyz says so, and both recover', async () => {
    const way = await severable(world.test.connection);
    const database = new Database(way.connection);
    const server = await startServer({ ...world.test, database });
    const headers = token(world.ours.reader);
    const ask = () => call(server.url, '/api/v1/flow_sensors/', { headers });
    try {
      expect(await ask()).toMatchObject({ status: 200 });
      way.sever();
      expect(await call(server.url, '/readyz')).toMatchObject({ status: 503 });
      expect(await call(server.url, '/healthz')).toMatchObject({ status: 200 });
      const away = await ask();
      expect(away).toMatchObject({
        status: 503,
        body: { detail: 'Service temporarily unavailable, try again later.' },
      });
      expect(away.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      way.restore();
      expect(await call(server.url, '/readyz')).toMatchObject({ status: 200 });
      expect(await ask()).toMatchObject({ status: 200 });
    } finally {
      await server.close();
      await database.close();
      await way.close();
    }
  });
});

describe('The end of a server', () => {
  const start = async (onRequest: (request: IncomingMessage) => void) => {
    const server = new HttpServer((request, response) => {
      onRequest(request);
      request.resume();
      request.on('end', () => response.end('done'));
    });
    return { server, url: await server.listen(0, '127.0.0.1') };
  };

  test('a closing server finishes the requests that it has and accepts no more', async () => {
    const begun: IncomingMessage[] = [];
    const { server, url } = await start((request) => begun.push(request));
    const sent = send(url, { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    sent.flushHeaders();
    await once(server.server, 'request');
    const closing = server.close(60_000);
    await expect(call(url, '/')).rejects.toThrow(/ECONNREFUSED/);
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.headers.connection).toBe('close');
    response.resume();
    await closing;
    expect(begun).toHaveLength(1);
  });

  test('a closing server does not wait for a connection that has sent nothing', async () => {
    const { server, url } = await start(() => undefined);
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(server.server, 'connection');
    const ended = once(silent, 'close');
    await server.close(2 ** 31 - 1);
    await ended;
    expect(server.server.listening).toBe(false);
  });

  test('a closing server cuts requests after its timeout, and idle connections at once', async () => {
    const { server, url } = await start(() => undefined);
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    idle.on('error', () => undefined);
    await once(idle, 'connect');
    const sent = send(url, { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    const failed = once(sent, 'error');
    sent.flushHeaders();
    await once(server.server, 'request');
    await server.close(10);
    await expect(failed).resolves.toMatchObject([{ code: 'ECONNRESET' }]);
    idle.destroy();
  });
});
