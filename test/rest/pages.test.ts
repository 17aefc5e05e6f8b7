import { describe, expect, test } from '@jest/globals';
import { readings } from '../helpers/readings.js';
import { call, startServer, token } from '../helpers/server.js';

const { of, get } = readings();
const INVALID_PAGE = { status: 404, body: { detail: 'Invalid page.' } };

describe('Pages', () => {
  const hours = () =>
    `flow_sensors/${of().sensor}/flow_volume_hours/2019-01-01T00:00:00Z/2019-04-01T00:00:00Z/`;
  const links = async (query: string, headers: Record<string, string> = {}) => {
    const { status, body } = await get(hours() + query, headers);
    const base = `${of().world.server.url}/api/v1/${hours()}`;
    const withoutBase = (link: string | null) => link?.replace(base, '') ?? null;
    return [status, withoutBase(body.previous), withoutBase(body.next), body.results?.length];
  };

  test.each([
    ['', null, '?page=2', 1000],
    ['?page=1', null, '?page=2', 1000],
    ['?page=2', '', '?page=3', 1000],
    ['?page=3', '?page=2', null, 160],
    ['?page=last', '?page=2', null, 160],
    ['?page=02', '', '?page=3', 1000],
    ['?page=%202', '', '?page=3', 1000],
    ['?page=+2+', '', '?page=3', 1000],
    ['?page=%2B2', '', '?page=3', 1000],
    ['?page=0_2', '', '?page=3', 1000],
    ['?page=%D9%A2', '', '?page=3', 1000],
    ['?page=9&page=2', '', '?page=3', 1000],
    ['?z=1&page=2&b=&a=x%20y', '?a=x+y&b=&z=1', '?a=x+y&b=&page=3&z=1', 1000],
    ['?q=a~b*c(d)&page=3', '?page=2&q=a~b%2Ac%28d%29', null, 160],
    ['?c=2&page=1&c=1&empty', null, '?c=2&c=1&empty=&page=2', 1000],
    ['?%C3%BC=%F0%9F%9B%A2&page=2', '?%C3%BC=%F0%9F%9B%A2', '?page=3&%C3%BC=%F0%9F%9B%A2', 1000],
  ])('the page %j has previous %j and next %j', async (query, previous, next, length) => {
    expect(await links(query)).toEqual([200, previous, next, length]);
  });

  test.each([
    '?page=0',
    '?page=-1',
    '?page=4',
    '?page=',
    '?page=1.0',
    '?page=abc',
    '?page=LAST',
    '?page=1__0',
    '?page=_1',
    '?page=1e0',
    '?page=0x1',
    '?page=99999999999999999999',
    '?page=2&page=',
    '?page=%00',
  ])('%s is an invalid page', async (query) => {
    expect(await get(hours() + query)).toMatchObject(INVALID_PAGE);
    expect(await get(`flow_sensors/${query}`)).toMatchObject(INVALID_PAGE);
    expect(await get(`flow_sensors/${of().sensor}/pings/${query}`)).toMatchObject(INVALID_PAGE);
  });

  test('page 1 of an empty list is empty, and no other page exists', async () => {
    const none = { count: 0, next: null, previous: null, results: [] };
    const path = `flow_sensors/${of().empty}/pings/`;
    for (const query of ['', '?page=1', '?page=last']) {
      expect((await get(path + query)).body).toEqual(none);
    }
    expect(await get(`${path}?page=2`)).toMatchObject(INVALID_PAGE);
  });

  test('links follow the Host header and ignore X-Forwarded headers of an untrusted client', async () => {
    const { body } = await get(`${hours()}?page=2`, {
      Host: 'flow.example.com:8080',
      'X-Forwarded-Host': 'evil.example.com',
      'X-Forwarded-Proto': 'https',
    });
    expect(body.next).toBe(`http://flow.example.com:8080/api/v1/${hours()}?page=3`);
  });

  test('links follow X-Forwarded-Proto and -Host of a trusted proxy', async () => {
    const server = await startServer(of().world.test, { trustedProxies: ['127.0.0.0/8'] });
    const ask = async (headers: Record<string, string>) => {
      const { body } = await call(server.url, `/api/v1/${hours()}`, {
        headers: { ...token(of().world.ours.reader), Host: 'inside:1', ...headers },
      });
      return body.next.split('/api/')[0];
    };
    expect(
      await ask({ 'X-Forwarded-Host': 'flow.example.com', 'X-Forwarded-Proto': 'https' }),
    ).toBe('https://flow.example.com');
    expect(await ask({ 'X-Forwarded-Proto': 'https' })).toBe('https://inside:1');
    expect(await ask({ 'X-Forwarded-Host': 'a.example.com, b' })).toBe('http://a.example.com');
    expect(await ask({ 'X-Forwarded-Host': '"><script>' })).toBe('http://inside:1');
    expect(await ask({ 'X-Forwarded-Proto': 'gopher' })).toBe('http://inside:1');
    await server.close();
  });
});
