import { describe, expect, test } from '@jest/globals';
import { WRONG_DATETIME, readings } from '../helpers/readings.js';

const { of, get } = readings();

describe('The documented bodies, keys in the documented order', () => {
  test('flow_sensors/ has the documented body', async () => {
    const reply = await get('flow_sensors/');
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.stringify(reply.body)).toBe(
      `{"count":2,"next":null,"previous":null,"results":[{"id":${of().sensor},"name":"Sensor \\"1\\" ünï","latitude":29.760435,"longitude":-95.3698,"pipe_diameter":14.64,"last_ping_flowrate":-2400.25,"last_ping_datetime":"2019-02-05T21:00:00Z","activated_at":"2019-01-01T00:00:00.500Z"},{"id":${of().empty},"name":"Sensor 2","latitude":null,"longitude":null,"pipe_diameter":null,"last_ping_flowrate":null,"last_ping_datetime":null,"activated_at":null}]}`,
    );
  });

  test('flow_sensors/ID/ has the body of a list entry', async () => {
    const list = await get('flow_sensors/');
    expect((await get(`flow_sensors/${of().sensor}/`)).body).toEqual(list.body.results[0]);
    expect(Object.keys((await get(`flow_sensors/${of().empty}/`)).body)).toEqual(
      Object.keys(list.body.results[1]),
    );
  });

  test('pings/ has the documented body, newest first', async () => {
    const { body, text } = await get(`flow_sensors/${of().sensor}/pings/`);
    const [first, second, third] = body.results;
    expect(text).toContain(
      `{"id":${first.id},"sensor_id":${of().sensor},"sensor_name":"Sensor \\"1\\" ünï","flowrate":-2400.25,"datetime":"2019-02-05T21:00:00Z"}`,
    );
    expect(second).toMatchObject({ flowrate: 0, datetime: '2019-02-05T20:00:00.123Z' });
    expect(third).toMatchObject({ flowrate: 2400, datetime: '2019-02-05T19:00:00Z' });
    expect(body).toMatchObject({ count: 3, next: null, previous: null });
  });

  test('flow_volume/ has the documented body', async () => {
    const { text } = await get(
      `flow_sensors/${of().sensor}/flow_volume/2019-02-05T19:00:00Z/2019-02-05T19:30:00Z/`,
    );
    const volume = 2400 * 0.5 * (1800 / 86_400) * (1 + 1 - 1800 / 3600.123);
    expect(text).toBe(
      `{"sensor_id":${of().sensor},"sensor_name":"Sensor \\"1\\" ünï","flow_volume":${Number(volume.toFixed(6))},"start":"2019-02-05T19:00:00Z","end":"2019-02-05T19:30:00Z"}`,
    );
  });

  test('flow_volume_hours/ has the documented body, newest first, the first and last hour clipped', async () => {
    const { body, text } = await get(
      `flow_sensors/${of().sensor}/flow_volume_hours/2019-02-05T19:30:00Z/2019-02-05T21:15:00Z/`,
    );
    expect(Object.keys(body)).toEqual(['count', 'next', 'previous', 'results']);
    expect(text).toContain(
      `{"sensor_id":${of().sensor},"sensor_name":"Sensor \\"1\\" ünï","flow_volume":`,
    );
    const ranges = body.results.map(({ start, end }: any) => `${start} ${end}`);
    expect(ranges).toEqual([
      '2019-02-05T21:00:00Z 2019-02-05T21:15:00Z',
      '2019-02-05T20:00:00Z 2019-02-05T21:00:00Z',
      '2019-02-05T19:30:00Z 2019-02-05T20:00:00Z',
    ]);
    expect(body.results[0].flow_volume).toBe(0);
    expect(body.count).toBe(3);
  });

  test('the response is JSON for every Accept header', async () => {
    for (const Accept of ['text/html', 'application/xml', 'nonsense']) {
      const { status, headers } = await get('flow_sensors/', { Accept });
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    }
  });
});

describe('Volumes in REST', () => {
  test('the echoed start and end are the parsed instants in UTC', async () => {
    const { body } = await get(
      `flow_sensors/${of().sensor}/flow_volume/2019-02-05%2014:00-05:00/2019-02-05T20:41:02,1239+0000/`,
    );
    expect(body).toMatchObject({ start: '2019-02-05T19:00:00Z', end: '2019-02-05T20:41:02.123Z' });
  });

  test.each([
    ['a plus', '2019-02-05T20:00:00+01:00'],
    ['an encoded plus', '2019-02-05T20:00:00%2B01:00'],
    ['a plus that arrived as a space', '2019-02-05T20:00:00%2001:00'],
    ['encoded colons', '2019-02-05T19%3A00%3A00Z'],
  ])('a path datetime may hold %s', async (_, start) => {
    const { body } = await get(`flow_sensors/${of().sensor}/flow_volume/${start}/2019-02-06/`);
    expect(body).toMatchObject({ start: '2019-02-05T19:00:00Z', end: '2019-02-06T00:00:00Z' });
  });

  test('END before START is 400; END equal to START is volume 0 and an empty list of hours', async () => {
    for (const path of ['flow_volume', 'flow_volume_hours']) {
      const reply = await get(`flow_sensors/${of().sensor}/${path}/2019-02-06/2019-02-05/`);
      expect(reply).toMatchObject({ status: 400, body: { end: ['Must not be before start.'] } });
    }
    const equal = await get(`flow_sensors/${of().sensor}/flow_volume/2019-02-05/2019-02-05/`);
    expect(equal.body.flow_volume).toBe(0);
    const hours = await get(`flow_sensors/${of().sensor}/flow_volume_hours/2019-02-05/2019-02-05/`);
    expect(hours.body).toEqual({ count: 0, next: null, previous: null, results: [] });
  });

  test('errors of both datetimes are reported together', async () => {
    const reply = await get(`flow_sensors/${of().sensor}/flow_volume/20190205/2019-02-05t00:00Z/`);
    expect(reply).toMatchObject({
      status: 400,
      body: { start: [WRONG_DATETIME], end: [WRONG_DATETIME] },
    });
  });

  test('large volumes are rounded correctly and stay numbers', async () => {
    await withSensor({ '2001-01-01T00:00:00Z': 1e15, '2011-01-01T00:00:00Z': 1e15 }, async (id) => {
      const { body } = await get(`flow_sensors/${id}/flow_volume/2001-01-01/2011-01-01/`);
      expect(body.flow_volume).toBe(3652e15);
    });
  });

  test('an hour has the same volume as its range, also half way between two decimals', async () => {
    await withSensor(
      { '2001-01-01T05:00:00Z': 12e-6, '2001-01-01T06:00:00Z': 12e-6 },
      async (id) => {
        const range = '2001-01-01T05:00:00Z/2001-01-01T06:00:00Z';
        const { body } = await get(`flow_sensors/${id}/flow_volume/${range}/`);
        const hours = await get(`flow_sensors/${id}/flow_volume_hours/${range}/`);
        expect(body.flow_volume).toBe(1e-6);
        expect(hours.body.results[0].flow_volume).toBe(1e-6);
      },
    );
  });

  test('an hour list of 9998 years is still a list', async () => {
    const path = `flow_sensors/${of().sensor}/flow_volume_hours/0001-01-01/9999-01-01/`;
    const first = await get(path);
    expect(first.body.count).toBe(
      (Date.UTC(9999, 0) - Date.parse('0001-01-01T00:00:00Z')) / 3_600_000,
    );
    expect(first.body.results).toHaveLength(1000);
    expect(first.body.results[0].end).toBe('9999-01-01T00:00:00Z');
    const last = await get(`${path}?page=last`);
    expect(last.body.results.at(-1).start).toBe('0001-01-01T00:00:00Z');
    expect(last.body.next).toBeNull();
  });
});

/** Runs `body` with a sensor of those flowrates by datetime, which then is gone. */
async function withSensor(
  flowrates: Readonly<Record<string, number>>,
  body: (id: number) => Promise<void>,
): Promise<void> {
  const { server, ours, test } = of().world;
  const { id } = await server.services.sensors.create(ours.principal, { name: 'For a while' });
  const pings = Object.entries(flowrates).map(([datetime, flowrate]) => ({
    sensorId: id,
    datetime: new Date(datetime),
    flowrate,
  }));
  await server.services.pings.record(ours.principal, pings, { onConflict: 'REJECT' });
  try {
    await body(id);
  } finally {
    await test.database.pool.query('DELETE FROM ping WHERE sensor_id = $1', [id]);
    await test.database.pool.query('DELETE FROM flow_sensor WHERE id = $1', [id]);
  }
}

describe('Ranges of pings', () => {
  test.each([
    ['both inclusive', '?start=2019-02-05T19:00:00Z&end=2019-02-05T20:00:00.123Z', 2],
    ['start alone', '?start=2019-02-05T20:00:00.123Z', 2],
    ['end alone', '?end=2019-02-05T20:00:00.122Z', 1],
    ['start after end', '?start=2019-02-06&end=2019-02-05', 0],
    ['the last of a parameter counts', '?start=2030-01-01&start=2019-02-05T21:00:00Z', 1],
    ['empty counts as not given', '?start=&end=', 3],
    ['empty last counts as not given', '?start=2030-01-01&start=', 3],
    ['a plus that arrives as a space', '?start=2019-02-05T22:00:00+01:00', 1],
    ['an encoded plus', '?start=2019-02-05T22:00:00%2B01:00', 1],
    ['other parameters do not matter', '?format=api&limit=1', 3],
  ])('a range of pings is %s: %s', async (_, query, count) => {
    const { status, body } = await get(`flow_sensors/${of().sensor}/pings/${query}`);
    expect([status, body.count, body.results.length]).toEqual([200, count, count]);
  });

  test.each([
    ['start', '?start=yesterday', { start: [WRONG_DATETIME] }],
    ['both', '?start=2019-02-30&end=24:00', { start: [WRONG_DATETIME], end: [WRONG_DATETIME] }],
    ['before the page', '?start=x&page=x', { start: [WRONG_DATETIME] }],
    ['malformed percent-encoding', '?end=%zz%', { end: [WRONG_DATETIME] }],
    ['NUL', '?end=%00', { end: [WRONG_DATETIME] }],
  ])('an invalid datetime is 400, keyed by its field: %s', async (_, query, body) => {
    expect(await get(`flow_sensors/${of().sensor}/pings/${query}`)).toMatchObject({
      status: 400,
      body,
    });
  });
});
