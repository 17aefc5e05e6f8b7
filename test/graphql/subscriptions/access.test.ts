import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import WebSocket from 'ws';
import { startGraphQL } from '../../helpers/graphql.js';
import {
  createPair,
  eventsOf,
  PING_RECEIVED,
  socketClient,
  type Pair,
} from '../../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

describe('A WebSocket', () => {
  const closeOf = async (
    authorization: string | undefined,
    headers: Record<string, string> = {},
  ) => {
    const socket = new WebSocket(world.instance.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers,
    });
    await once(socket, 'open');
    const payload =
      authorization === undefined ? {} : { payload: { Authorization: authorization } };
    socket.send(JSON.stringify({ type: MessageType.ConnectionInit, ...payload }));
    const [event] = await Promise.race([
      once(socket, 'close').then(([code, reason]) => [`${code} ${String(reason)}`]),
      once(socket, 'message').then(([data]) => [String(data)]),
    ]);
    socket.terminate();
    return event;
  };

  test.each([
    ['no credentials', undefined, '4401 Authentication credentials were not provided.'],
    ['a wrong token', 'Token x', '4401 Invalid token.'],
    ['another scheme', 'Bearer x', '4401 Authentication credentials were not provided.'],
  ])('a WebSocket with %s is closed with 4401', async (_, authorization, close) => {
    expect(await closeOf(authorization)).toBe(close);
    if (authorization)
      expect(await closeOf(undefined, { Authorization: authorization })).toBe(close);
  });

  test('a WebSocket with a token that may not read is closed with 4403', async () => {
    expect(await closeOf(`Token ${world.ours.ingester}`)).toBe(
      '4403 You do not have permission to perform this action.',
    );
  });

  test('a WebSocket is accepted with the credentials of the upgrade’s headers', async () => {
    expect(await closeOf(undefined, { Authorization: `Token ${world.ours.reader}` })).toBe(
      '{"type":"connection_ack"}',
    );
  });

  test('a WebSocket that subscribes before it is accepted is closed with 4401', async () => {
    const socket = new WebSocket(world.instance.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ id: '1', type: MessageType.Subscribe, payload: { query: PING_RECEIVED } }),
    );
    expect((await once(socket, 'close'))[0]).toBe(4401);
  });

  test('a WebSocket at another path is refused', async () => {
    const socket = new WebSocket(
      world.instance.url.replace('http', 'ws') + 's',
      'graphql-transport-ws',
    );
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });
});

describe('A subscription', () => {
  test('a subscription ends within a second of its token’s revocation, on another instance too', async () => {
    const { tokens } = world.instance.services;
    const make = () => tokens.create(world.ours.principal, { name: 'short', scopes: ['READ'] });
    const [overSocket, overEvents] = [await make(), await make()];
    const client = socketClient(world.second, `Token ${overSocket.key}`);
    const closed = new Promise<any>((resolve) => client.on('closed', resolve));
    const socketResults = client.iterate({ query: PING_RECEIVED });
    const first = socketResults.next().catch(() => 'ended');
    const events = await eventsOf(world.second, overEvents.key, PING_RECEIVED);
    await tokens.revoke(world.ours.principal, overSocket.id);
    await tokens.revoke(world.ours.principal, overEvents.id);
    expect((await closed).code).toBe(4401);
    await first;
    const { value } = await events.next();
    expect(value.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect((await events.next()).done).toBe(true);
  });

  test('a WebSocket also answers queries and mutations, with the same errors as elsewhere', async () => {
    const client = socketClient(world.instance, `Token ${world.ours.reader}`);
    const run = async (query: string) => (await client.iterate({ query }).next()).value;
    expect(await run('{ viewer { account } }')).toEqual({ data: { viewer: { account: 'ours' } } });
    expect(await run('mutation { revokeApiToken(id: 1) }')).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    for (const [query, code] of [
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['subscription { pingReceived(sensorIds: [[]]) { id } }', 'BAD_USER_INPUT'],
      [
        '{ flowSensors(first: 1000) { nodes { pings(first: 1000) { nodes { id } } } } }',
        'QUERY_TOO_COMPLEX',
      ],
    ]) {
      await expect(run(query!)).rejects.toEqual([
        expect.objectContaining({ extensions: expect.objectContaining({ code }) }),
      ]);
    }
    await client.dispose();
  });

  test('a subscription to sensors that the account does not have is NOT_FOUND instead of waiting forever', async () => {
    const variables = { ids: [await world.newSensor(world.theirs), 'x'] };
    const client = socketClient(world.instance, `Token ${world.ours.reader}`);
    const overSocket = await client.iterate({ query: PING_RECEIVED, variables }).next();
    await client.dispose();
    const { reader } = world.ours;
    const overEvents = await (
      await eventsOf(world.instance, reader, PING_RECEIVED, variables)
    ).next();
    for (const { value } of [overSocket, overEvents]) {
      expect(value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });

  test('a subscription over plain HTTP is refused', async () => {
    const { errors } = await world.instance.query(world.ours.reader, PING_RECEIVED);
    expect(errors[0]!.extensions.code).toBe('BAD_REQUEST');
  });

  test('a subscription needs READ over server-sent events too', async () => {
    const results = await world.instance.post(JSON.stringify({ query: PING_RECEIVED }), {
      Authorization: `Token ${world.ours.ingester}`,
      Accept: 'text/event-stream',
    });
    expect(await results.text()).toContain('"code":"FORBIDDEN"');
    const none = await world.instance.post('{}', { Accept: 'text/event-stream' });
    expect(none.status).toBe(401);
  });
});

describe('A request for server-sent events', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    world.instance.post(body, {
      Authorization: `Token ${world.ours.reader}`,
      Accept: 'text/event-stream',
      ...headers,
    });

  test.each([
    'text/event-stream, multipart/mixed',
    'application/json; q=0.9, text/event-stream',
    'Text/Event-Stream',
  ])('a request for server-sent events may accept other types too: %s', async (accept) => {
    const answer = await post('{"query":"{ viewer { account } }"}', { Accept: accept });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await answer.text()).toContain('data: {"data":{"viewer":{"account":"ours"}}}');
  });

  test.each(['application/json, text/event-stream', '*/*'])(
    'a request that prefers JSON to server-sent events gets JSON: %s',
    async (accept) => {
      const answer = await post('{"query":"{ viewer { account } }"}', { Accept: accept });
      expect(await answer.json()).toMatchObject({ data: { viewer: { account: 'ours' } } });
    },
  );

  test.each([
    ['{}', 'query'],
    ['{"query":5}', 'query'],
    ['[]', 'The body'],
    ['{"query":"{ viewer { account } }","variables":"x"}', 'variables'],
    ['{"query":"{ viewer { account } }","operationName":1}', 'operationName'],
  ])(
    'a malformed request for server-sent events is BAD_REQUEST and says what is wrong: %s',
    async (body, what) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({
        errors: [{ message: expect.stringContaining(what), extensions: { code: 'BAD_REQUEST' } }],
      });
    },
  );

  test('a request for server-sent events counts once against the rate limit', async () => {
    const limited = await startGraphQL(world.test, { rateLimit: 2 });
    const ask = async () =>
      limited.post('{"query":"{ viewer { account } }"}', {
        Authorization: `Token ${world.ours.reader}`,
        Accept: 'text/event-stream',
      });
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([
      200, 200, 429,
    ]);
    await limited.close();
  });
});
