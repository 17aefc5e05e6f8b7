import { describe, expect, test } from '@jest/globals';
import { call, token } from '../helpers/server.js';
import { Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();

const RANGE = '2026-03-01/2026-03-02';

async function volume(query: string): Promise<{ status: number; body: any }> {
  // 0 at midnight, 2400 from noon until 1 pm: by STEP an hour of 2400 bbl/d.
  const flowrates: [string, number][] = [
    ['00', 0],
    ['12', 2400],
    ['13', 0],
  ];
  const pings = flowrates.map(([hour, flowrate]) => ({
    flowrate,
    datetime: `2026-03-01T${hour}:00:00Z`,
  }));
  expect((await recordings.post(recordings.path, pings)).status).toBe(201);
  return read(`flow_volume/${RANGE}/${query}`);
}

function read(path: string) {
  const { world, sensor } = recordings;
  const headers = token(world.ours.reader);
  return call(world.server.url, `/api/v1/flow_sensors/${sensor}/${path}`, { headers });
}

describe('?method= of volumes', () => {
  test.each([
    ['', 650],
    ['?method=LINEAR', 650],
    ['?method=STEP', 100],
    ['?method=LINEAR&method=STEP', 100],
  ])('the volume with %j is %d bbl, and that of its hours', async (query, expected) => {
    const { status, body } = await volume(query);
    expect([status, body.flow_volume]).toEqual([200, expected]);
    const hours = await read(`flow_volume_hours/${RANGE}/${query}`);
    const sum = (hours.body.results as { flow_volume: number }[]).reduce(
      (total, hour) => total + hour.flow_volume,
      0,
    );
    expect(sum).toBeCloseTo(expected, 6);
  });

  test.each(['flow_volume', 'flow_volume_hours'])(
    'a method of %s that does not exist, or is misspelt, is 400',
    async (path) => {
      for (const text of ['', 'step', 'CUBIC']) {
        const { status, body } = await read(`${path}/${RANGE}/?method=${text}`);
        const message = `"${text}" is not a valid choice. Choose LINEAR or STEP.`;
        expect([status, body]).toEqual([400, { method: [message] }]);
      }
      const { status, body } = await read(`${path}/${RANGE}/?Method=STEP`);
      expect([status, body]).toEqual([
        400,
        { Method: ['Unknown parameter. Did you mean method?'] },
      ]);
    },
  );
});
