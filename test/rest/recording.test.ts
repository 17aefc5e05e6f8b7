import { describe, expect, test } from '@jest/globals';
import { Recordings } from '../helpers/recordings.js';
import { token } from '../helpers/server.js';

const recordings = new Recordings();
const { stored, ping, post } = recordings;
const WRONG =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';
const REQUIRED = 'This field is required.';
const NULL = 'This field may not be null.';
const NUMBER = 'A valid number is required.';
const INTEGER = 'A valid integer is required.';
const AT = '2019-02-05T20:00:00Z';

describe('POST flow_sensors/ID/pings/', () => {
  test('POST flow_sensors/ID/pings/ records a single ping', async () => {
    const reply = await post(recordings.path, {
      flowrate: 5.5,
      datetime: '2019-02-05T21:00:00+01:00',
    });
    expect([reply.status, reply.text]).toEqual([201, '{"recorded":1,"duplicates":0}']);
    expect(await stored()).toEqual([['2019-02-05T20:00:00.000Z', 5.5]]);
  });

  test("a single ping's datetime defaults to the time of arrival", async () => {
    const before = Date.now();
    expect(await post(recordings.path, { flowrate: 1 })).toMatchObject({ status: 201 });
    const [[datetime]] = (await stored()) as [[string]];
    expect(Date.parse(datetime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(datetime)).toBeLessThanOrEqual(Date.now());
  });

  test('POST flow_sensors/ID/pings/ records an array, also an empty one', async () => {
    const reply = await post(recordings.path, [ping(0), ping(1), ping(0)]);
    expect(reply).toMatchObject({ status: 201, body: { recorded: 2, duplicates: 1 } });
    expect(await post(recordings.path, [])).toMatchObject({
      status: 201,
      body: { recorded: 0, duplicates: 0 },
    });
  });

  test.each([
    ['nothing', {}, { flowrate: [REQUIRED] }],
    ['null', { flowrate: null, datetime: null }, { flowrate: [NULL], datetime: [NULL] }],
    ['text', { flowrate: '5' }, { flowrate: [NUMBER] }],
    ['true', { flowrate: true }, { flowrate: [NUMBER] }],
    ['a list', { flowrate: [5] }, { flowrate: [NUMBER] }],
    ['a wrong datetime', { flowrate: 5, datetime: '2019-02-05t00:00Z' }, { datetime: [WRONG] }],
    ['a number for a datetime', { flowrate: 5, datetime: 1549399262 }, { datetime: [WRONG] }],
    ['an empty datetime', { flowrate: 5, datetime: '' }, { datetime: [WRONG] }],
    ['too large', { flowrate: 1.1e15 }, { flowrate: [expect.stringContaining('1e15')] }],
    ['too small', { flowrate: 1e-31 }, { flowrate: [expect.stringContaining('1e-30')] }],
    [
      'a day and more ahead',
      { flowrate: 5, datetime: '9999-01-01' },
      { datetime: [expect.stringContaining('24 hours')] },
    ],
    [
      'all at once',
      { flowrate: '5', datetime: '9999-01-01' },
      { flowrate: [NUMBER], datetime: [expect.stringContaining('24 hours')] },
    ],
  ])("a single ping's errors are keyed by field alone: %s", async (_, body, errors) => {
    const reply = await post(recordings.path, body);
    expect([reply.status, reply.body]).toEqual([400, errors]);
    expect(await stored()).toEqual([]);
  });

  test.each([
    ['text', '"x"', 'Invalid data. Expected a dictionary, but got str.'],
    ['a number', '1', 'Invalid data. Expected a dictionary, but got int.'],
    ['null', 'null', 'Invalid data. Expected a dictionary, but got NoneType.'],
  ])('%s is refused as a ping', async (_, body, message) => {
    expect(await post(recordings.path, body)).toMatchObject({
      status: 400,
      body: { non_field_errors: [message] },
    });
  });

  test('1e400 is refused as a flowrate', async () => {
    const reply = await post(recordings.path, '{"flowrate":1e400}');
    expect([reply.status, Object.keys(reply.body)]).toEqual([400, ['flowrate']]);
  });

  test('the last of two equal keys counts', async () => {
    const reply = await post(recordings.path, `{"flowrate":"x","flowrate":2,"datetime":"${AT}"}`);
    expect(reply.status).toBe(201);
    expect(await stored()).toEqual([['2019-02-05T20:00:00.000Z', 2]]);
  });

  test.each([
    ['sound', [{ flowrate: 1, datetime: AT }]],
    ['single', { flowrate: 1 }],
    ['empty', []],
    ['an invalid ping', { flowrate: 'x' }],
    ['no JSON', '{'],
    ['of another type', 'x', 'text/plain'],
    ['too many', Array.from({ length: 100_001 }, () => 0)],
  ])(
    'a sensor that the account does not have is 404, also if other things are wrong: %s',
    async (_, body, type = 'application/json') => {
      for (const id of [recordings.theirs, 2_000_000_000, 3_000_000_000]) {
        const path = `flow_sensors/${id}/pings/?on_conflict=${type === 'text/plain' ? 'x' : 'reject'}`;
        for (const key of [recordings.world.ours.admin, recordings.world.ours.ingester]) {
          const reply = await post(path, body, { 'Content-Type': type, ...token(key) });
          expect(reply).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
        }
      }
      expect(await stored(recordings.theirs)).toEqual([]);
    },
  );
});

describe('POST pings/', () => {
  test('POST pings/ records an array of pings of any sensors', async () => {
    const reply = await post('pings/', [ping(0), ping(1, 5, recordings.other)]);
    expect(reply).toMatchObject({ status: 201, body: { recorded: 2, duplicates: 0 } });
    expect([await stored(), await stored(recordings.other)]).toEqual([
      [['2019-02-05T20:00:00.000Z', 0]],
      [['2019-02-05T20:00:01.000Z', 5]],
    ]);
  });

  test('POST pings/ refuses a body that is not an array', async () => {
    const reply = await post('pings/', ping(0));
    expect(reply).toMatchObject({
      status: 400,
      body: { non_field_errors: ['Expected a list of items but got type "dict".'] },
    });
  });

  test('one bad ping rejects the whole request, with each error keyed by its index', async () => {
    const reply = await post('pings/', [
      ping(0),
      { sensor_id: recordings.sensor, flowrate: 'x' },
      ping(2, 2, recordings.theirs),
      'text',
      { sensor_id: '1', flowrate: 1, datetime: AT },
      { sensor_id: 1.5, flowrate: null, datetime: AT },
      { sensor_id: recordings.sensor, flowrate: 1e16, datetime: '9999-01-01' },
      ping(7, 7, 3_000_000_000),
      [],
      { flowrate: false, datetime: false },
    ]);
    const noSuch = (id: number) => [`There is no flow sensor ${id}.`];
    expect([reply.status, reply.body]).toEqual([
      400,
      {
        1: { flowrate: [NUMBER], datetime: [REQUIRED] },
        2: { sensor_id: noSuch(recordings.theirs) },
        3: { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] },
        4: { sensor_id: [INTEGER] },
        5: { sensor_id: [INTEGER], flowrate: [NULL] },
        6: {
          flowrate: [expect.stringContaining('1e15')],
          datetime: [expect.stringContaining('24 hours')],
        },
        7: { sensor_id: noSuch(3_000_000_000) },
        8: { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] },
        9: { sensor_id: [REQUIRED], flowrate: [NUMBER], datetime: [WRONG] },
      },
    ]);
    expect(await stored()).toEqual([]);
  });

  test('an unknown sensor is reported together with other errors', async () => {
    const reply = await post('pings/', [ping(0, 1, recordings.theirs), ping(1, 1e16)]);
    expect(Object.keys(reply.body)).toEqual(['0', '1']);
  });
});

describe('Conflicts', () => {
  test('a flowrate other than the stored one is 409 and nothing is recorded', async () => {
    await post('pings/', [ping(0, 10), ping(1, 11)]);
    const reply = await post('pings/', [ping(2), ping(0, 99), ping(1, 11), ping(2, 98)]);
    expect([reply.status, reply.body]).toEqual([
      409,
      {
        detail: expect.any(String),
        conflicts: [
          {
            index: 1,
            sensor_id: recordings.sensor,
            datetime: '2019-02-05T20:00:00Z',
            flowrate: 10,
          },
          { index: 3, sensor_id: recordings.sensor, datetime: '2019-02-05T20:00:02Z', flowrate: 2 },
        ],
      },
    ]);
    expect(await stored()).toHaveLength(2);
  });

  test('on_conflict=overwrite corrects the stored ping, and the last of a request wins', async () => {
    await post('pings/', [ping(0, 10)]);
    const reply = await post('pings/?on_conflict=overwrite', [ping(0, 20), ping(1, 1), ping(1, 2)]);
    expect(reply).toMatchObject({ status: 201, body: { duplicates: 0 } });
    expect((await stored()).map(([, flowrate]) => flowrate)).toEqual([20, 2]);
  });

  test.each(['', 'OVERWRITE', 'ignore', 'overwrite&on_conflict=x'])(
    'on_conflict=%s is refused',
    async (choice) => {
      for (const path of ['pings/', recordings.path]) {
        const reply = await post(`${path}?on_conflict=${choice}`, [ping(0)]);
        expect([reply.status, Object.keys(reply.body)]).toEqual([400, ['on_conflict']]);
      }
    },
  );
});
