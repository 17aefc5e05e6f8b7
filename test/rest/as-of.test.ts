import { describe, expect, test } from '@jest/globals';
import { Recordings } from '../helpers/recordings.js';
import { call, token } from '../helpers/server.js';

const recordings = new Recordings();
const { ping, post } = recordings;
const HOUR = 'flow_volume/2019-02-05T20:00:00Z/2019-02-05T21:00:00Z/';
const HOURS = 'flow_volume_hours/2019-02-05T20:00:00Z/2019-02-05T21:00:00Z/';

const get = (path: string, key = recordings.world.ours.reader) =>
  call(recordings.world.server.url, `/api/v1/flow_sensors/${recordings.sensor}/${path}`, {
    headers: token(key),
  });

/** Resolves once the clock shows a later millisecond than that of the last request. */
async function later(): Promise<string> {
  const before = Date.now();
  while (Date.now() === before) await new Promise(setImmediate);
  return new Date().toISOString();
}

describe('?as_of=', () => {
  test('volumes are served again as they were before a correction, a late ping and a deletion', async () => {
    const start = await later();
    const day = 86_400;
    await post(recordings.path, [ping(0, day), ping(3600, day)]);
    const first = await later();
    const before = { one: (await get(HOUR)).body, hours: (await get(HOURS)).body };
    await later();
    await post(`${recordings.path}?on_conflict=overwrite`, [ping(3600, 0), ping(1800, 7)]);
    const now = (await get(HOUR)).body;
    expect(now).not.toEqual(before.one);
    expect((await get(`${HOUR}?as_of=${first}`)).body).toEqual(before.one);
    expect((await get(`${HOURS}?as_of=${first}`)).body).toMatchObject({
      results: (before.hours as { results: unknown[] }).results,
    });
    expect((await get(`${HOUR}?as_of=${start}`)).body).toMatchObject({ flow_volume: 0 });
    expect((await get(`${HOUR}?as_of=`)).body).toEqual(now);
    expect((await get(`${HOUR}?as_of=${first}&method=STEP`)).body).toMatchObject({
      flow_volume: 3600,
    });
  });

  test.each([
    ['tomorrow', { as_of: [expect.stringMatching(/^Datetime has wrong format/)] }],
    [
      '9999-01-01',
      {
        as_of: [
          expect.stringMatching(/^Must not be in the future: .*; got 9999-01-01T00:00:00Z\.$/),
        ],
      },
    ],
  ])('as_of=%s is refused by each volume path', async (text, body) => {
    for (const path of [HOUR, HOURS]) {
      expect(await get(`${path}?as_of=${text}`)).toMatchObject({ status: 400, body });
    }
  });

  test('a misspelt name is refused, and an unknown sensor is 404 whatever else is wrong', async () => {
    expect(await get(`${HOUR}?asOf=2019-01-01`)).toMatchObject({
      status: 400,
      body: { asOf: ['Unknown parameter. Did you mean as_of?'] },
    });
    const { url } = recordings.world.server;
    const headers = token(recordings.world.ours.reader);
    const path = `/api/v1/flow_sensors/${recordings.theirs}/${HOUR}?as_of=9999-01-01`;
    expect(await call(url, path, { headers })).toMatchObject({ status: 404 });
  });
});
