import { expect, test } from '@jest/globals';
import { Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();
const { ping, post, get } = recordings;

test('a ping may have a quality, by name or severity; bad ones count in no volume and are in no list', async () => {
  const quality = (hour: number, value: unknown, flowrate = 24) => ({
    ...ping(hour, flowrate),
    quality: value,
  });
  const { path } = recordings;
  expect(
    await post(path, [
      quality(0, 'GOOD'),
      quality(1, 'bad', 1e9),
      quality(2, 64),
      quality(3, '192'),
      quality(4, 0, -1e9),
    ]),
  ).toMatchObject({ status: 201, body: { recorded: 5, duplicates: 0 } });
  const list = await get(path);
  expect(list.body).toMatchObject({ count: 3 });
  expect(list.body.results.map((each: { flowrate: number }) => each.flowrate)).toEqual([
    24, 24, 24,
  ]);
  const sensor = await get(`flow_sensors/${recordings.sensor}/`);
  expect(sensor.body).toMatchObject({
    last_ping_flowrate: 24,
    last_ping_datetime: ping(3).datetime.replace('.000', ''),
  });

  // As a client that knows no quality sends it again, and as one that knows it.
  expect(await post(path, [ping(1, 1e9), quality(1, 'BAD', 1e9)])).toMatchObject({
    body: { recorded: 0, duplicates: 2 },
  });
  const conflict = await post(path, [quality(1, 'GOOD', 1e9)]);
  expect(conflict).toMatchObject({ status: 409, body: { conflicts: [{ flowrate: 1e9 }] } });
  expect(conflict.body.detail).toContain('another flowrate or quality');
});

test.each([['none'], [1], [null], [true]])(
  'the quality %p is refused with the rule, by the index of its ping',
  async (quality) => {
    const reply = await post(recordings.path, [ping(0), { ...ping(1), quality }]);
    expect(reply).toMatchObject({ status: 400, body: { 1: { quality: [expect.any(String)] } } });
  },
);
