import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import type { Client } from 'graphql-ws/client';
import WebSocket from 'ws';
import { startGraphQL, type GraphQLInstance } from '../../helpers/graphql.js';
import {
  createPair,
  eventsOf,
  flowrates,
  PING_RECEIVED,
  socketClient,
  take,
  WAYS,
  type Pair,
} from '../../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

describe('Subscriptions that select the same', () => {
  test('subscriptions with the same selection share one execution of each ping, over both protocols', async () => {
    const { instance, ours } = world;
    const sensor = await world.newSensor();
    const followers = [
      await WAYS.WebSocket(instance, ours.reader),
      await WAYS['server-sent events'](instance, ours.reader),
      await WAYS['server-sent events'](instance, ours.admin),
      await WAYS['server-sent events'](instance, ours.reader),
    ];
    // Another credential's scopes are another group: what it may see could differ.
    expect(instance.realtime.feed.subscriberCount).toBe(2);
    expect(instance.transport.subscriptionCount).toBe(4);
    await world.record(instance, sensor, [1, 2, 3]);
    for (const follower of followers) {
      expect(flowrates(await take(follower, 3))).toEqual([1, 2, 3]);
    }
    for (const follower of followers) await follower.end();
    while (instance.realtime.feed.subscriberCount > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(instance.transport.subscriptionCount).toBe(0);
  });

  test('subscriptions with the same selection each get only what is recorded after they began', async () => {
    const { instance, ours } = world;
    const sensor = await world.newSensor();
    const followers: { next(): Promise<IteratorResult<any>>; end(): unknown }[] = [];
    const recorded: Promise<unknown>[] = [];
    for (let index = 0; index < 8; index++) {
      const way = index % 2 ? WAYS.WebSocket : WAYS['server-sent events'];
      followers.push(await way(instance, ours.reader));
      recorded.push(world.record(instance, sensor, [index]));
      await recorded.at(-1);
    }
    for (const [index, follower] of followers.entries()) {
      const all = Array.from({ length: 8 - index }, (_, offset) => index + offset);
      expect(flowrates(await take(follower, 8 - index))).toEqual(all);
    }
    for (const follower of followers) await follower.end();
  });

  test('subscriptions are executed separately where sensors, selections or accounts differ', async () => {
    const { instance, ours, theirs } = world;
    const [one, other] = [await world.newSensor(), await world.newSensor()];
    const foreign = await world.newSensor(theirs);
    const events = WAYS['server-sent events'];
    const followers = [
      await events(instance, ours.reader),
      await events(instance, ours.reader, { ids: [String(one)] }),
      await events(instance, theirs.reader),
    ];
    const bare = await eventsOf(
      instance,
      ours.reader,
      'subscription { pingReceived { flowrate } }',
    );
    await world.record(instance, foreign, [9], theirs);
    await world.record(instance, other, [1]);
    await world.record(instance, one, [2]);
    expect(flowrates(await take(followers[0]!, 2))).toEqual([1, 2]);
    expect(flowrates(await take(followers[1]!, 1))).toEqual([2]);
    expect(flowrates(await take(followers[2]!, 1))).toEqual([9]);
    expect(await take(bare, 2)).toEqual([
      { data: { pingReceived: { flowrate: 1 } } },
      { data: { pingReceived: { flowrate: 2 } } },
    ]);
    for (const follower of followers) await follower.end();
    await bare.return(undefined);
  });
});

describe('The number of open subscriptions is limited', () => {
  let limited: GraphQLInstance;
  let clients: Client[];
  beforeEach(async () => {
    clients = [];
    limited = await startGraphQL(world.test, {
      maxSubscriptions: { perCredential: 2, perAccount: 3 },
    });
  });
  afterEach(async () => {
    for (const client of clients) await client.dispose();
    await limited.close();
  });

  test('the open subscriptions of a credential and of an account are limited, over both protocols together', async () => {
    const { ours, theirs } = world;
    const events = WAYS['server-sent events'];
    const first = await events(limited, ours.reader);
    const second = await WAYS.WebSocket(limited, ours.reader);
    const body = JSON.stringify({ query: PING_RECEIVED });
    const refused = await limited.post(body, {
      Authorization: `Token ${ours.reader}`,
      Accept: 'text/event-stream',
    });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      errors: [
        {
          message: expect.stringContaining(
            'At most 2 subscriptions may be open for one credential',
          ),
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
    const third = await events(limited, ours.admin);
    const client = socketClient(limited, `Token ${ours.admin}`);
    clients.push(client);
    const { value } = await client.iterate({ query: PING_RECEIVED }).next();
    expect(value).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('At most 3 subscriptions may be open for one account'),
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
    const other = await events(limited, theirs.reader);
    await second.end();
    while (limited.transport.subscriptionCount > 3) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const again = await events(limited, ours.reader);
    for (const open of [first, third, other, again]) await open.end();
  });

  test('one WebSocket may have 100 operations open', async () => {
    const socket = new WebSocket(world.instance.url.replace('http', 'ws'), 'graphql-transport-ws');
    const messages: any[] = [];
    socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString())));
    await new Promise((resolve) => socket.once('open', resolve));
    const authorization = { Authorization: `Token ${world.ours.reader}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload: authorization }));
    while (messages.length < 1) await new Promise((resolve) => setImmediate(resolve));
    for (let id = 1; id <= 2000; id++) {
      const payload = { query: PING_RECEIVED };
      socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
    }
    while (messages.length < 1901) await new Promise((resolve) => setImmediate(resolve));
    const errors = messages.slice(1);
    expect(errors).toHaveLength(1900);
    expect(new Set(errors.map(({ payload }) => payload[0].extensions.code))).toEqual(
      new Set(['RATE_LIMITED']),
    );
    socket.terminate();
    while (world.instance.transport.subscriptionCount > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

test('300 subscribers of one viewer and ordinary ingestion leave the server quick to answer others', async () => {
  const { instance, ours, theirs } = world;
  const sensor = await world.newSensor();
  const sockets = await Promise.all(
    Array.from({ length: 300 }, () => rawSubscriber(instance, ours.reader)),
  );
  while (instance.transport.subscriptionCount < 300) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const statuses = new Set<number>();
  for (let round = 0; round < 2; round++) {
    const recorded = world.record(instance, sensor, Array<number>(5000).fill(round));
    for (let index = 0; index < 10; index++) {
      statuses.add((await instance.query(theirs.reader, '{ viewer { account } }')).status);
    }
    await recorded;
  }
  expect([...statuses]).toEqual([200]);
  // Every one of them has received all pings, or RESYNC, after which it reads what is stored.
  while (!sockets.every(({ events, isEnded }) => isEnded() || events() === 10_000)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const { end } of sockets) end();
  while (instance.transport.subscriptionCount > 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
});

/** A subscriber that only counts its events, so that many fit into one test. */
async function rawSubscriber({ url }: GraphQLInstance, key: string) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  const body = JSON.stringify({ query: 'subscription { pingReceived { flowrate } }' });
  let events = 0;
  let text = '';
  let isEnded = false;
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      if (part.includes('event: next')) events += 1;
      if (part.includes('event: complete')) isEnded = true;
    }
  });
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Token ${key}`,
    'Accept: text/event-stream',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return { events: () => events, isEnded: () => isEnded, end: () => socket.destroy() };
}
