import { describe, expect, test } from '@jest/globals';
import { NOT_FOUND, readings } from '../helpers/readings.js';
import { call, token } from '../helpers/server.js';

const { of, get } = readings();

describe('What does not exist', () => {
  const paths = (id: number | string): string[] => [
    `flow_sensors/${id}/`,
    `flow_sensors/${id}/pings/`,
    `flow_sensors/${id}/pings/?start=nonsense&page=x`,
    `flow_sensors/${id}/flow_volume/2019-02-05/2019-02-06/`,
    `flow_sensors/${id}/flow_volume/nonsense/2019-02-06/`,
    `flow_sensors/${id}/flow_volume/2019-02-06/2019-02-05/`,
    `flow_sensors/${id}/flow_volume_hours/2019-02-05/2019-02-06/`,
    `flow_sensors/${id}/flow_volume_hours/nonsense/2019-02-06/?page=-1`,
  ];

  test.each(['0', '99999999', '2147483648', '9'.repeat(400), '-1', '1.5', 'abc', '%ff', '１'])(
    'the sensor %s is 404, also if other things are wrong',
    async (id) => {
      for (const path of paths(encodeURI(id).replace('%25', '%'))) {
        expect([path, await get(path)]).toMatchObject([path, NOT_FOUND]);
      }
    },
  );

  test("another account's sensor is 404, also if other things are wrong", async () => {
    for (const path of paths(of().theirSensor)) {
      expect([path, await get(path)]).toMatchObject([path, NOT_FOUND]);
      const own = await call(of().world.server.url, `/api/v1/${path}`, {
        headers: token(of().world.theirs.reader),
      });
      expect([path, own.body]).not.toMatchObject([path, NOT_FOUND.body]);
    }
    const { text } = await get('flow_sensors/?page=last');
    expect(text).not.toContain('Theirs');
  });

  test.each([
    'nowhere/',
    '',
    '/flow_sensors/',
    'flow_sensors//',
    'flow_sensors/1/pings/2/',
    'flow_sensors/1/flow_volume/2019-02-05/',
    'FLOW_SENSORS/',
    'flow_sensors/abc',
    'openapi.json/',
    'flow_sensors/%',
  ])('the path %j is 404', async (path) => {
    expect(await get(path)).toMatchObject(NOT_FOUND);
  });
});

describe('Methods', () => {
  test.each([
    ['PUT', 'flow_sensors/', 'GET, HEAD, OPTIONS'],
    ['POST', 'flow_sensors/', 'GET, HEAD, OPTIONS'],
    ['DELETE', 'flow_sensors/1/', 'GET, HEAD, OPTIONS'],
    ['PATCH', 'flow_sensors/1/pings/', 'GET, POST, HEAD, OPTIONS'],
    ['GET', 'pings/', 'POST, OPTIONS'],
    ['HEAD', 'pings/', 'POST, OPTIONS'],
    ['POST', 'flow_sensors/1/flow_volume/a/b/', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405', async (method, path, allow) => {
    const reply = await call(of().world.server.url, `/api/v1/${path}`, {
      method,
      headers: token(of().world.ours.admin),
    });
    expect(reply).toMatchObject({ status: 405, headers: { allow } });
    if (method !== 'HEAD')
      expect(reply.body).toEqual({ detail: `Method "${method}" not allowed.` });
  });

  test('HEAD is answered like GET, without the body', async () => {
    const path = `/api/v1/flow_sensors/${of().sensor}/pings/`;
    const headers = token(of().world.ours.reader);
    const head = await call(of().world.server.url, path, { method: 'HEAD', headers });
    const whole = await call(of().world.server.url, path, { headers });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
  });

  test('OPTIONS is answered with Allow and a description', async () => {
    const reply = await call(of().world.server.url, '/api/v1/pings/', {
      method: 'OPTIONS',
      headers: token(of().world.ours.reader),
    });
    expect(reply).toMatchObject({ status: 200, headers: { allow: 'POST, OPTIONS' } });
    expect(reply.body).toEqual({
      name: 'Ping Record',
      description: expect.any(String),
      renders: ['application/json'],
      parses: ['application/json', 'application/x-ndjson'],
    });
  });

  test.each([
    ['GET', 'flow_sensors', 301, '/api/v1/flow_sensors/'],
    ['GET', 'flow_sensors?page=2&a=%20b', 301, '/api/v1/flow_sensors/?page=2&a=%20b'],
    ['HEAD', 'flow_sensors/1/pings?start=?', 301, '/api/v1/flow_sensors/1/pings/?start=?'],
    ['GET', 'flow_sensors/1/flow_volume/a%3A/b', 301, '/api/v1/flow_sensors/1/flow_volume/a%3A/b/'],
    ['POST', 'pings?on_conflict=overwrite', 308, '/api/v1/pings/?on_conflict=overwrite'],
  ])('%s %s without its trailing slash is %d', async (method, path, status, location) => {
    const reply = await call(of().world.server.url, `/api/v1/${path}`, {
      method,
      headers: token(of().world.ours.admin),
    });
    expect(reply).toMatchObject({ status, headers: { location } });
  });
});
