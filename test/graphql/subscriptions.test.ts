import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import WebSocket from 'ws';
import {
  createWorld,
  startGraphQL,
  type GraphQLInstance,
  type GraphQLWorld,
} from '../helpers/graphql.js';
import { hello, LOST } from '../../src/realtime/message.js';
import { Notifications } from '../../src/storage/notifications.js';
import { eventsOf, PING_RECEIVED, socketClient } from '../helpers/subscriptions.js';

let world: GraphQLWorld;
let second: GraphQLInstance;
let minute = 0;

beforeAll(async () => {
  world = await createWorld();
  second = await startGraphQL(world.test);
});
afterAll(async () => {
  await second.close();
  await world.close();
});

const newSensor = async (owner = world.ours, name = 'sensor') =>
  (await world.instance.services.sensors.create(owner.principal, { name })).id;
const record = (
  instance: GraphQLInstance,
  sensorId: number,
  flowrates: number[],
  owner = world.ours,
) =>
  instance.services.pings.record(
    owner.principal,
    flowrates.map((flowrate) => ({
      sensorId,
      flowrate,
      datetime: new Date(Date.UTC(2026, 0, 1, 0, minute++)),
    })),
    { onConflict: 'REJECT' },
  );
const take = async (results: { next(): Promise<IteratorResult<any>> }, count: number) => {
  const taken: any[] = [];
  while (taken.length < count) taken.push((await results.next()).value);
  return taken;
};
const flowrates = (results: any[]) => results.map(({ data }) => data.pingReceived.flowrate);

/** Subscribes, and waits until the subscription has begun. */
const WAYS = {
  WebSocket: async (instance: GraphQLInstance, token: string, variables: object = {}) => {
    const client = socketClient(instance, `Token ${token}`);
    const { feed } = instance.realtime;
    const before = feed.subscriberCount;
    const results = client.iterate({ query: PING_RECEIVED, variables: variables as never });
    const first = results.next();
    // The protocol tells only that the connection is accepted, not when a subscription begins.
    while (feed.subscriberCount === before) await new Promise((resolve) => setImmediate(resolve));
    let isFirst = true;
    const next = (): Promise<IteratorResult<any>> => {
      const result = isFirst ? first : results.next();
      isFirst = false;
      return result;
    };
    return { next, end: () => client.dispose() };
  },
  'server-sent events': async (
    instance: GraphQLInstance,
    token: string,
    variables: object = {},
  ) => {
    // The answer's head is sent when it has begun.
    const results = await eventsOf(instance, token, PING_RECEIVED, variables);
    return { next: () => results.next(), end: () => results.return(undefined) };
  },
};

describe.each(Object.entries(WAYS))('pingReceived over %s', (_, subscribe) => {
  test('tells each ping that is newly stored, whichever instance it came in through', async () => {
    const id = await newSensor(world.ours, 'told');
    const results = await subscribe(world.instance, world.ours.reader);
    await record(world.instance, id, [1]);
    await record(second, id, [2]);
    await record(world.instance, id, [3, 4]);
    const taken = await take(results, 4);
    expect(flowrates(taken)).toEqual([1, 2, 3, 4]);
    expect(taken[0].data.pingReceived).toEqual({
      id: expect.stringMatching(/^\d+$/),
      flowrate: 1,
      datetime: expect.stringMatching(/Z$/),
      sensor: { id: String(id), name: 'told' },
    });
    await results.end();
  });

  test('tells nothing of another account, nor of other sensors than those asked for', async () => {
    const [asked, other] = [await newSensor(), await newSensor()];
    const theirs = await newSensor(world.theirs);
    const results = await subscribe(second, world.ours.reader, { ids: [asked, theirs, 'x'] });
    await record(world.instance, theirs, [1], world.theirs);
    await record(world.instance, other, [2]);
    await record(world.instance, asked, [3]);
    expect(flowrates(await take(results, 1))).toEqual([3]);
    await results.end();
  });

  test('tells nothing of duplicates and corrections', async () => {
    const id = await newSensor();
    const { pings } = world.instance.services;
    const ping = { sensorId: id, datetime: new Date('2026-01-01T00:00:00Z'), flowrate: 1 };
    await pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
    const results = await subscribe(world.instance, world.ours.reader, { ids: [id] });
    await pings.record(world.ours.principal, [ping], { onConflict: 'REJECT' });
    await pings.record(world.ours.principal, [{ ...ping, flowrate: 2 }], {
      onConflict: 'OVERWRITE',
    });
    await record(world.instance, id, [3]);
    expect(flowrates(await take(results, 1))).toEqual([3]);
    await results.end();
  });

  test('tells thousands that come at once, more than a notification can hold', async () => {
    const sensors = await Promise.all([1, 2, 3].map(() => newSensor()));
    const results = await subscribe(second, world.ours.reader, { ids: sensors });
    const many = Array.from({ length: 1500 }, (_, index) => index);
    await Promise.all(sensors.map((id) => record(world.instance, id, many)));
    const taken = await take(results, 4500);
    for (const id of sensors) {
      const ofSensor = taken.filter(({ data }) => data.pingReceived.sensor.id === String(id));
      expect(flowrates(ofSensor)).toEqual(many);
    }
    await results.end();
  });

  test('hundreds of requests at once are told each, in the order of ids', async () => {
    const sensors = await Promise.all(Array.from({ length: 20 }, () => newSensor()));
    const results = await subscribe(world.instance, world.ours.reader, { ids: sensors });
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        sensors.map((id, index) => record(index % 2 ? world.instance : second, id, [round])),
      );
    }
    const taken = await take(results, 200);
    expect(new Set(taken.map(({ data }) => data.pingReceived.id)).size).toBe(200);
    for (const id of sensors) {
      const ofSensor = taken.filter(({ data }) => data.pingReceived.sensor.id === String(id));
      expect(flowrates(ofSensor)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    await results.end();
  });
});

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
    const client = socketClient(second, `Token ${overSocket.key}`);
    const closed = new Promise<any>((resolve) => client.on('closed', resolve));
    const socketResults = client.iterate({ query: PING_RECEIVED });
    const first = socketResults.next().catch(() => 'ended');
    const events = await eventsOf(second, overEvents.key, PING_RECEIVED);
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
    const run = async (query: string) => (await client.iterate({ query }).next()).value as any;
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

describe('Nothing is missed in silence', () => {
  test.each(Object.entries(WAYS))(
    'when the connection to the database breaks, a subscription over %s ends with RESYNC; another one works',
    async (_, subscribe) => {
      const id = await newSensor();
      const results = await subscribe(second, world.ours.reader, { ids: [id] });
      await world.test.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE (query LIKE 'LISTEN%' OR query LIKE '%FROM pg_locks%') AND pid <> pg_backend_pid()`,
      );
      const ended = await results.next().then(
        ({ value }) => value.errors,
        (errors) => errors,
      );
      expect(ended).toMatchObject([{ extensions: { code: 'RESYNC' } }]);
      await results.end();
      const again = await subscribe(second, world.ours.reader, { ids: [id] });
      await record(world.instance, id, [1]);
      expect(flowrates(await take(again, 1))).toEqual([1]);
      await again.end();
    },
  );

  test('when another instance dies before it could tell, subscriptions end with RESYNC', async () => {
    const notifications = new Notifications(world.test.database);
    const dying = await notifications.listen(12_345, {
      received: () => undefined,
      broken: () => undefined,
    });
    await notifications.send([hello(12_345)]);
    const results = await WAYS.WebSocket(world.instance, world.ours.reader);
    await dying.end();
    await expect(results.next()).rejects.toMatchObject([{ extensions: { code: 'RESYNC' } }]);
    await results.end();
  });

  test('when another instance could not tell, subscriptions end with RESYNC', async () => {
    const results = await WAYS.WebSocket(world.instance, world.ours.reader);
    await new Notifications(world.test.database).send([LOST]);
    await expect(results.next()).rejects.toMatchObject([{ extensions: { code: 'RESYNC' } }]);
    await results.end();
  });
});
