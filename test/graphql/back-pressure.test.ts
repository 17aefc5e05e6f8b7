import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MessageType } from 'graphql-ws';
import WebSocket from 'ws';
import { createPair, flowrates, take, WAYS, type Pair } from '../helpers/subscriptions.js';

let world: Pair;
beforeAll(async () => {
  world = await createPair();
});
afterAll(() => world.close());

const count = () => world.instance.realtime.feed.subscriberCount;
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};
// About 10 kB an event, so that what the system buffers is soon full.
const HEAVY = `subscription { pingReceived { id sensor { ${Array.from({ length: 40 }, (_, index) => `n${index}: name`).join(' ')} } } }`;
const BURST = Array.from({ length: 8000 }, (_, index) => index);

/** Pings until the one who does not read is dropped; of another one, who does, each burst arrives. */
async function recordUntilDropped(dropped: () => boolean): Promise<number> {
  const id = await world.newSensor(world.ours, 'x'.repeat(250));
  const reader = await WAYS.WebSocket(world.instance, world.ours.reader, { ids: [id] });
  let bursts = 0;
  while (!dropped()) {
    await world.record(world.second, id, BURST);
    expect(flowrates(await take(reader, BURST.length))).toEqual(BURST);
    bursts++;
  }
  await reader.end();
  return bursts;
}

test('a WebSocket whose client does not read is dropped; others are told all', async () => {
  const socket = new WebSocket(world.instance.url.replace('http', 'ws'), 'graphql-transport-ws', {
    headers: { Authorization: `Token ${world.ours.reader}` },
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: MessageType.ConnectionInit }));
  await once(socket, 'message');
  const payload = { query: HEAVY };
  socket.send(JSON.stringify({ id: '1', type: MessageType.Subscribe, payload }));
  await until(() => count() === 1);
  socket.pause();
  const bursts = await recordUntilDropped(() => count() === 1);
  expect(bursts).toBeGreaterThan(1);
  // It is cut; if it reads again before that, it is told why instead.
  const ended = new Promise<unknown>((resolve) => {
    socket.on('close', () => resolve('RESYNC'));
    socket.on('message', (data: Buffer) => {
      const { type, payload: told } = JSON.parse(String(data)) as { type: string; payload: any };
      if (type === 'error') resolve(told[0].extensions.code);
    });
  });
  socket.resume();
  expect(await ended).toBe('RESYNC');
  socket.terminate();
});

test('a stream of events whose client does not read is dropped; others are told all', async () => {
  const asking = request(world.instance.url, {
    method: 'POST',
    headers: {
      Authorization: `Token ${world.ours.reader}`,
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
    },
  });
  asking.end(JSON.stringify({ query: HEAVY }));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  response.pause();
  const before = count();
  const bursts = await recordUntilDropped(() => count() === before);
  expect(bursts).toBeGreaterThan(1);
  const closed = once(response, 'close');
  response.resume();
  await closed;
});
