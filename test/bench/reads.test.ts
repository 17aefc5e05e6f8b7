import { expect, test } from '@jest/globals';
import { assertSameResponses } from '../../bench/assert-same-responses.js';
import { rowNames, runBenchmark } from '../helpers/benchmark.js';

test('the reads benchmark exits with 0 because Flowgate, the bare server and the peer agree on every read', async () => {
  expect(rowNames(await runBenchmark('reads'))).toEqual([
    'REST flow_volume over 1 hour',
    'REST flow_volume over 1 day',
    'REST flow_volume over 1 year',
    'REST flow_volume over 10 years',
    'REST sensors (4)',
    'REST pings, page 1',
    'REST pings, page 2',
    'REST flow_volume_hours over a year, page 1',
    'GraphQL: 50 sensors, 20 newest pings and 24 h volume',
    'GraphQL: 4 sensors, 24 h volume, and the total',
    'GraphQL: 1000 pings × 4 fields',
    'GraphQL: daily volumes of a year, 2 sensors',
  ]);
});

/** A server that gives one response to every request. */
const server = (response: object) => ({ text: () => Promise.resolve(JSON.stringify(response)) });

test('responses that differ only in links, costs, rounding and the form of instants are the same', async () => {
  const a = { next: 'http://a/', volume: 1.0000001, at: '2020-01-01T00:00:00Z' };
  const b = { next: null, volume: 1, at: '2020-01-01T00:00:00.000Z', extensions: { cost: 1 } };
  await assertSameResponses({ path: '/' }, { a: server(a), b: server(b) });
});

test.each([
  [{ volume: 1 }, { volume: 1.1 }, '$.volume: 1, 1.1'],
  [{ results: [1] }, { results: [1, 2] }, '$.results.1: undefined, 2'],
  [{ name: 'A' }, { name: 'B' }, '$.name: "A", "B"'],
])('a benchmark stops where servers respond %j and %j', async (a, b, difference) => {
  await expect(assertSameResponses({ path: '/x' }, { a: server(a), b: server(b) })).rejects.toThrow(
    `/x: a and b differ, ${difference}`,
  );
});
