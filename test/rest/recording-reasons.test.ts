import { describe, expect, test } from '@jest/globals';
import { Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();
const { ping, post } = recordings;
const OVERWRITE = 'on_conflict=overwrite';

describe('Why stored pings change', () => {
  test('the history keeps the reason code and the comment of an overwrite', async () => {
    await post(recordings.path, [ping(0, 1)]);
    const reason = 'reason_code=METER_ERROR&comment=meter+7';
    const reply = await post(`${recordings.path}?${OVERWRITE}&${reason}`, ping(0, 2));
    expect(reply).toMatchObject({ status: 201, body: { recorded: 1 } });
    await post(`pings/?${OVERWRITE}&reason_code=&comment=`, [ping(0, 3)]);
    const { services } = recordings.world.server;
    const { principal } = recordings.world.ours;
    const found = await services.revisions.windows(
      principal,
      [recordings.sensor],
      { start: undefined, end: undefined },
      { take: 10, from: 'first' },
    );
    expect(found.get(recordings.sensor)!.items).toMatchObject([
      { updateType: 'REPLACE', newFlowrate: 3, reasonCode: null, comment: null },
      { updateType: 'REPLACE', newFlowrate: 2, reasonCode: 'METER_ERROR', comment: 'meter 7' },
    ]);
  });

  test.each([
    [
      'reason_code=nope',
      { reason_code: [expect.stringMatching(/^Must be one of .*METER_ERROR.*; got "nope"\.$/)] },
    ],
    ['comment=+x', { comment: ['Must not begin or end with a space.'] }],
    [
      `comment=${'x'.repeat(1001)}`,
      { comment: ['Must be at most 1000 characters long, not 1001.'] },
    ],
    ['reasonCode=OTHER', { reasonCode: ['Unknown parameter. Did you mean reason_code?'] }],
  ])('%s is refused, with the name of the parameter', async (query, body) => {
    for (const [path, pings] of [
      [recordings.path, ping(0)],
      [recordings.path, [ping(0)]],
      ['pings/', [ping(0)]],
    ] as const) {
      expect(await post(`${path}?${OVERWRITE}&${query}`, pings)).toMatchObject({
        status: 400,
        body,
      });
    }
  });
});
