import { expect, jest, test } from '@jest/globals';
import { ResyncError } from '../../src/domain/pings/feed.js';
import { MAX_WAITING, PingQueue } from '../../src/realtime/ping-queue.js';

const ping = (id: number) => ({
  id: String(id),
  sensorId: 1,
  datetime: new Date(0),
  flowrate: id,
  recordedAt: new Date(id),
  quality: 'GOOD' as const,
});
const newQueue = () => {
  const onDrop = jest.fn();
  const onEnd = jest.fn();
  return { queue: new PingQueue(onDrop, onEnd), onDrop, onEnd };
};
const DONE = { done: true, value: undefined };

test('pings are read in the order of their arrival, whether they came before or after the read', async () => {
  const { queue } = newQueue();
  const early = queue.next();
  for (const id of [1, 2, 3]) queue.push(ping(id));
  expect((await early).value).toEqual(ping(1));
  expect((await queue.next()).value).toEqual(ping(2));
  expect((await queue.next()).value).toEqual(ping(3));
});

test('a reader that leaves more pings unread than the limit is dropped, and the queue is emptied', async () => {
  const { queue, onDrop, onEnd } = newQueue();
  for (let id = 0; id < MAX_WAITING; id++) queue.push(ping(id));
  expect(onDrop).not.toHaveBeenCalled();
  queue.push(ping(MAX_WAITING));
  queue.push(ping(MAX_WAITING + 1));
  expect(onDrop).toHaveBeenCalledTimes(1);
  expect(onEnd).toHaveBeenCalledTimes(1);
  await expect(queue.next()).rejects.toThrow(ResyncError);
  expect(await queue.next()).toEqual(DONE);
});

test('a reader that keeps up reads any number', async () => {
  const { queue, onDrop } = newQueue();
  for (let id = 0; id < 3 * MAX_WAITING; id++) {
    queue.push(ping(id));
    if (id >= MAX_WAITING / 2) {
      expect((await queue.next()).value).toEqual(ping(id - MAX_WAITING / 2));
    }
  }
  expect(onDrop).not.toHaveBeenCalled();
});

test('returning ends a pending read', async () => {
  const { queue, onEnd } = newQueue();
  const waiting = queue.next();
  await queue.return();
  expect(await waiting).toEqual(DONE);
  expect(await queue.next()).toEqual(DONE);
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test('a failure ends a pending read, once', async () => {
  const { queue } = newQueue();
  const waiting = queue.next();
  queue.fail(new ResyncError('lost'));
  await expect(waiting).rejects.toThrow('lost');
  expect(await queue.next()).toEqual(DONE);
});
