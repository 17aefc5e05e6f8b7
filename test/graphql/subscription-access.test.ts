import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import WebSocket from 'ws';
import {
  createPair,
  eventsOf,
  PING_RECEIVED,
  socketClient,
  type Pair,
} from '../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

describe('A WebSocket is refused', () => {
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
  ])('with %s', async (_, authorization, close) => {
    expect(await closeOf(authorization)).toBe(close);
    if (authorization)
      expect(await closeOf(undefined, { Authorization: authorization })).toBe(close);
  });

  test('with a token that may not read: 4403', async () => {
    expect(await closeOf(`Token ${world.ours.ingester}`)).toBe(
      '4403 You do not have permission to perform this action.',
    );
  });

  test('which the upgrade’s headers admit', async () => {
    expect(await closeOf(undefined, { Authorization: `Token ${world.ours.reader}` })).toBe(
      '{"type":"connection_ack"}',
    );
  });

  test('that subscribes before it is admitted: 4401', async () => {
    const socket = new WebSocket(world.instance.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ id: '1', type: MessageType.Subscribe, payload: { query: PING_RECEIVED } }),
    );
    expect((await once(socket, 'close'))[0]).toBe(4401);
  });

  test('at another path', async () => {
    const socket = new WebSocket(
      world.instance.url.replace('http', 'ws') + 's',
      'graphql-transport-ws',
    );
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });
});

describe('A subscription', () => {
  test('ends within a second of its token’s revocation, on another instance too', async () => {
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

  test('also answers queries and mutations over the same socket, with its errors told as elsewhere', async () => {
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
      await expect(run(query!)).rejects.toMatchObject([{ extensions: { code } }]);
    }
    await client.dispose();
  });

  test('over plain HTTP is refused', async () => {
    const { errors } = await world.instance.query(world.ours.reader, PING_RECEIVED);
    expect(errors[0]!.extensions.code).toBe('BAD_REQUEST');
  });

  test('needs READ over server-sent events too', async () => {
    const results = await world.instance.post(JSON.stringify({ query: PING_RECEIVED }), {
      Authorization: `Token ${world.ours.ingester}`,
      Accept: 'text/event-stream',
    });
    expect(await results.text()).toContain('"code":"FORBIDDEN"');
    const none = await world.instance.post('{}', { Accept: 'text/event-stream' });
    expect(none.status).toBe(401);
  });
});
