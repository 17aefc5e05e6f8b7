import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { createPair, socketClient, take, type Pair } from '../../helpers/subscriptions.js';

const BATCH = 500;
const MOST_PINGS = 60_000;
const MOST_BUFFERED = 2 ** 20;
// About 6 kB a ping, so that few fill what the system holds between the two ends.
const LARGE = `subscription { pingReceived { ${Array.from({ length: 150 }, (_, n) => `a${n}: datetime`).join(' ')} } }`;

/** Subscribes as a client that reads nothing after the answer has begun. */
const STALLED = {
  WebSocket: async ({ url }: { url: string }, key: string): Promise<Socket> => {
    const client = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    // That it is cut in the end is what is wanted.
    client.on('error', () => undefined);
    const upgraded = once(client, 'upgrade');
    await once(client, 'open');
    const [{ socket }] = (await upgraded) as [{ socket: Socket }];
    const authorization = { Authorization: `Token ${key}` };
    client.send(JSON.stringify({ type: 'connection_init', payload: authorization }));
    await once(client, 'message');
    client.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: LARGE } }));
    client.pause();
    return socket;
  },
  'server-sent events': async ({ url }: { url: string }, key: string): Promise<Socket> => {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const body = JSON.stringify({ query: LARGE });
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: Token ${key}`,
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    await once(socket, 'readable');
    return socket;
  },
};

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

test.each(Object.entries(STALLED))(
  'a client over %s that does not read is dropped, little is kept for it, and others go on',
  async (_, subscribe) => {
    const { instance, ours } = world;
    const { transport } = instance;
    const sensor = await world.newSensor();
    const client = socketClient(instance, `Token ${ours.reader}`);
    const reader = client.iterate({ query: 'subscription { pingReceived { id } }' });
    const first = reader.next();
    while (transport.subscriptionCount < 1) await new Promise((resolve) => setImmediate(resolve));
    const accepted = once(instance.server, 'connection') as Promise<[Socket]>;
    const stalled = await subscribe(instance, ours.reader);
    const [connection] = await accepted;
    const cut = once(connection, 'close');
    while (transport.subscriptionCount < 2) await new Promise((resolve) => setImmediate(resolve));

    let sent = 0;
    while (transport.subscriptionCount === 2 && sent < MOST_PINGS) {
      await world.record(instance, sensor, Array<number>(BATCH).fill(1));
      const taken =
        sent === 0 ? [await first, ...(await take(reader, BATCH - 1))] : await take(reader, BATCH);
      expect(taken).toHaveLength(BATCH);
      sent += BATCH;
      expect(connection.writableLength).toBeLessThan(MOST_BUFFERED);
    }
    expect(transport.subscriptionCount).toBe(1);
    await cut;
    await client.dispose();
    while (transport.subscriptionCount > 0) await new Promise((resolve) => setImmediate(resolve));
    stalled.destroy();
  },
);
