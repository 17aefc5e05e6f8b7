import { expect, test } from '@jest/globals';
import { Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();
const { ping, post, get } = recordings;

test('a ping may have the meter’s own totalizer, which is in no documented list', async () => {
  const { path } = recordings;
  const sent = [
    { ...ping(0, 24), totalizer: 0 },
    { ...ping(1, 24), totalizer: 12_345.678 },
    { ...ping(2, 24), totalizer: null },
    ping(3, 24),
  ];
  const counts = { status: 201, body: { recorded: 4, duplicates: 0 } };
  expect(await post(path, sent)).toMatchObject(counts);
  expect(await post(path, sent)).toMatchObject({ body: { recorded: 0, duplicates: 4 } });
  const { body } = await get(path);
  expect(Object.keys(body.results[0])).not.toContain('totalizer');
  const conflict = await post(path, [{ ...ping(1, 24), totalizer: 1 }]);
  expect(conflict).toMatchObject({ status: 409, body: { conflicts: [{ flowrate: 24 }] } });
  expect(conflict.body.detail).toContain('another flowrate or totalizer');
});

test.each([
  ['12', 'A valid number is required.'],
  [true, 'A valid number is required.'],
  [[1], 'A valid number is required.'],
  [-1, 'Must be from 0 to 1e15; got -1.'],
  [1e16, 'Must be from 0 to 1e15; got 10000000000000000.'],
])(
  'the totalizer %p is refused with the rule, by the index of its ping',
  async (totalizer, rule) => {
    const reply = await post(recordings.path, [ping(10), { ...ping(11), totalizer }]);
    expect(reply).toMatchObject({ status: 400, body: { 1: { totalizer: [rule] } } });
  },
);
