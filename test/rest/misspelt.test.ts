import { describe, expect, test } from '@jest/globals';
import { NDJSON, Recordings } from '../helpers/recordings.js';

const recordings = new Recordings();
const { post, stored } = recordings;

const AT = '2019-02-05T20:15:08Z';
const REQUIRED = 'This field is required.';
const UNKNOWN = ['Unknown field. Did you mean datetime?'];

describe('Misspelt keys', () => {
  test.each(['timestamp', 'DateTime', 'time', 'ts', '__proto__', 'constructor', 'toString'])(
    'a single ping without a datetime but with %s is refused, and the key is named',
    async (key) => {
      const reply = await post(recordings.path, `{"flowrate": 759.9, "${key}": "${AT}"}`);
      expect([reply.status, reply.text]).toEqual([400, JSON.stringify({ [key]: UNKNOWN })]);
      expect(await stored()).toEqual([]);
    },
  );

  test('every unknown key of a single ping without a datetime is named, beside its other errors', async () => {
    const reply = await post(recordings.path, { flowrate: 'x', time: AT, grade: 'Good' });
    expect([reply.status, reply.body]).toEqual([
      400,
      { flowrate: ['A valid number is required.'], time: UNKNOWN, grade: UNKNOWN },
    ]);
  });

  test('an unknown key is named where flowrate is missing too', async () => {
    const reply = await post(recordings.path, { flow: 1, time: AT });
    const either = ['Unknown field. Did you mean datetime or flowrate?'];
    expect(reply.body).toEqual({ flowrate: [REQUIRED], flow: either, time: either });
  });

  test('an unknown key of a ping of an array without a datetime is named by the index of the ping', async () => {
    const reply = await post(recordings.path, [
      { flowrate: 1, datetime: AT },
      { flowrate: 1, timestamp: AT },
    ]);
    expect([reply.status, reply.body]).toEqual([
      400,
      { 1: { datetime: [REQUIRED], timestamp: UNKNOWN } },
    ]);
  });

  test('an unknown key of a line of NDJSON without a datetime is named by the index of the ping', async () => {
    const { sensor } = recordings;
    const body = `\n${JSON.stringify({ sensor_id: sensor, flowrate: 1, ts: AT })}\n`;
    const reply = await post('pings/', body, NDJSON);
    expect([reply.status, reply.body]).toEqual([400, { 0: { datetime: [REQUIRED], ts: UNKNOWN } }]);
  });

  test('a very long unknown key is not repeated whole', async () => {
    const reply = await post(recordings.path, { flowrate: 1, ['k'.repeat(1_000_000)]: AT });
    expect(reply.status).toBe(400);
    expect(reply.text.length).toBeLessThan(200);
  });

  test('other keys beside a datetime are ignored, so that a ping may be sent as it was read', async () => {
    const ping = { id: 7, sensor_id: recordings.sensor, sensor_name: 'One', flowrate: 1 };
    const reply = await post(recordings.path, { ...ping, datetime: AT, note: 'x' });
    expect([reply.status, reply.body]).toEqual([201, { recorded: 1, duplicates: 0 }]);
  });

  test.each([
    ['Quality', 'BAD', 'Unknown field. Did you mean quality?'],
    ['q', false, 'Unknown field. Did you mean quality?'],
    ['totaliser', 5, 'Unknown field. Did you mean totalizer?'],
    ['unit', 'm3/h', 'Unknown field. A flowrate is in bbl/d.'],
    ['Units', 'gpm', 'Unknown field. A flowrate is in bbl/d.'],
  ])(
    'a ping with a datetime and with %s is refused, for its value would be ignored',
    async (key, value, message) => {
      const reply = await post(recordings.path, { flowrate: 1, datetime: AT, [key]: value });
      expect([reply.status, reply.body]).toEqual([400, { [key]: [message] }]);
      const { sensor: sensor_id } = recordings;
      const listed = await post('pings/', [{ sensor_id, flowrate: 1, datetime: AT, [key]: value }]);
      expect([listed.status, listed.body]).toEqual([400, { 0: { [key]: [message] } }]);
      expect(await stored()).toEqual([]);
    },
  );

  test('a ping may say that its flowrate is in bbl/d', async () => {
    const reply = await post(recordings.path, { flowrate: 1, datetime: AT, unit: 'bbl/d' });
    expect([reply.status, reply.body]).toEqual([201, { recorded: 1, duplicates: 0 }]);
  });

  test('a ping of another sensor than the path’s is refused', async () => {
    const { sensor, other, path } = recordings;
    const message = [`Must be ${sensor}, as in the path, or left out.`];
    const single = await post(path, { sensor_id: other, flowrate: 1, datetime: AT });
    expect([single.status, single.body]).toEqual([400, { sensor_id: message }]);
    const several = await post(path, [{ sensor_id: 'x', flowrate: 1, datetime: AT }]);
    expect([several.status, several.body]).toEqual([400, { 0: { sensor_id: message } }]);
    expect(await stored()).toEqual([]);
  });

  test.each(['onConflict', 'on-conflict', 'ON_CONFLICT', 'onconflict'])(
    'the query parameter %s is refused, as it is not on_conflict',
    async (name) => {
      const reply = await post(`${recordings.path}?${name}=overwrite`, { flowrate: 1 });
      const message = [`Unknown parameter. Did you mean on_conflict?`];
      expect([reply.status, reply.body]).toEqual([400, { [name]: message }]);
    },
  );
});

describe('NaN and Infinity', () => {
  const pings = (value: string, index: number) =>
    JSON.stringify(
      Array.from({ length: 12 }, (_, each) => ({
        sensor_id: recordings.sensor,
        flowrate: each === index ? 'HERE' : 100.5 + each,
        datetime: `2024-02-06T00:00:${String(each).padStart(2, '0')}Z`,
        tags: [[{ a: '],[NaN{' }], {}],
      })),
    ).replace('"HERE"', value);

  test.each(['NaN', 'Infinity', '-Infinity'])(
    '%s in an array is named with its place and the index of its ping',
    async (value) => {
      const body = pings(value, 7);
      const column = body.indexOf(`:${value},`) + 2;
      const detail = `JSON parse error - ${value} is not JSON, in the ping with index 7: line 1 column ${column}`;
      const reply = await post(recordings.path, body);
      expect([reply.status, reply.body]).toEqual([400, { detail }]);
      expect((await post('pings/', body)).body).toEqual({ detail });
      expect(await stored()).toEqual([]);
    },
  );

  test('NaN on a line of NDJSON is named with its line and the index of its ping', async () => {
    const lines = pings('NaN', 7).slice(1, -1).split('},{"sensor_id"').join('}\n\n{"sensor_id"');
    const column = lines.split('\n')[14]!.indexOf('NaN') + 1;
    const reply = await post('pings/', lines, NDJSON);
    expect([reply.status, reply.body]).toEqual([
      400,
      {
        detail: `JSON parse error - NaN is not JSON, in the ping with index 7: line 15 column ${column}`,
      },
    ]);
  });

  test('NaN in a single ping is named with its place', async () => {
    const reply = await post(recordings.path, '{"flowrate": NaN}');
    expect(reply.body).toEqual({
      detail: 'JSON parse error - NaN is not JSON: line 1 column 14',
    });
  });
});
