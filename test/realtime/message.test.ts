import { describe, expect, test } from '@jest/globals';
import { bye, fence, hello, itemsOf, pack, readMessage, gap } from '../../src/realtime/message.js';
import { MAX_PAYLOAD_BYTES } from '../../src/storage/postgres/notifications.js';

const ping = (id: number, sensorId: number, at = id) => ({
  id: String(id),
  sensorId,
  datetime: new Date(at),
  flowrate: id / 7,
  recordedAt: new Date(at + 1),
  quality: id % 2 === 0 ? ('BAD' as const) : ('GOOD' as const),
});

describe('Messages between instances', () => {
  test('a message has the pings themselves where a sensor has few', () => {
    const pings = [ping(1, 1), ping(2, 2)];
    const [payload, ...rest] = pack(5, itemsOf(pings));
    expect(rest).toEqual([]);
    expect(readMessage(payload!)).toEqual({ kind: 'recorded', accountId: 5, pings, ranges: [] });
  });

  test('a message has the range of the pings where a sensor has many', () => {
    const pings = Array.from({ length: 1000 }, (_, index) =>
      ping(9_007_199_254 + index, 3, -index),
    );
    const [payload] = pack(5, itemsOf(pings));
    expect(readMessage(payload!)).toMatchObject({
      pings: [],
      ranges: [
        {
          sensorId: 3,
          firstAt: -999,
          lastAt: 0,
          leastId: '9007199254',
          greatestId: '9007200253',
        },
      ],
    });
  });

  test('messages are split to the size that PostgreSQL accepts, and nothing is lost', () => {
    const pings = Array.from({ length: 5000 }, (_, index) => ping(index + 1, index));
    const payloads = pack(5, itemsOf(pings));
    expect(payloads.length).toBeGreaterThan(1);
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(
      MAX_PAYLOAD_BYTES,
    );
    const read = payloads.map(readMessage);
    expect(read.flatMap((message) => (message as { pings?: unknown }).pings)).toEqual(pings);
  });

  test('messages announce who came, who left, and that pings were omitted', () => {
    expect(readMessage(hello(7))).toEqual({ kind: 'hello', id: 7 });
    expect(readMessage(bye(7))).toEqual({ kind: 'bye', id: 7 });
    expect(readMessage(fence('7 1'))).toEqual({ kind: 'fence', key: '7 1' });
    expect(readMessage(gap())).toEqual({ kind: 'gap', accountId: undefined });
    expect(readMessage(gap(3))).toEqual({ kind: 'gap', accountId: 3 });
  });

  test.each(['', '{', 'null', '5', '[]', '{"x":1}'])(
    'a payload that is not a message is ignored: %p',
    (payload) => {
      expect(readMessage(payload)).toBeUndefined();
    },
  );
});
