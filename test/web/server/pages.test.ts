import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountServices } from '../../helpers/accounts.js';
import { call, createServerWorld, type World } from '../../helpers/server.js';
import { LOGIN, Visitor } from '../../helpers/visitor.js';

let world: World;
let visitor: Visitor;

beforeAll(async () => {
  world = await createServerWorld();
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, { username: 'ada', password: 'a right password' });
  visitor = new Visitor(world.server.url);
  await visitor.signIn('ada', 'a right password');
});
afterAll(() => world.close());

describe('Pages under /app', () => {
  test.each([
    '/app/',
    '/app/sensors/1',
    '/app/import',
    '/app/developers',
    '/app/explorer',
    '/app/reference',
    '/app/reference/graphql',
    LOGIN,
  ])(
    '%s may load nothing of other hosts, run no inline script, and be in no frame',
    async (path) => {
      const page = path === LOGIN ? new Visitor(world.server.url) : visitor;
      const { status, headers } = await page.get(path);
      expect(status).toBe(200);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
    },
  );

  test('the headers of the explorer at /graphql differ from the pages’ only where its editor needs it', async () => {
    const page = await new Visitor(world.server.url).get('/graphql', { Accept: 'text/html' });
    const { headers } = await visitor.get('/app/explorer');
    const policy = 'content-security-policy';
    expect(page.headers[policy]).toBe(headers[policy]);
    expect(page.headers[policy]).toMatch(/script-src 'self'(;|$)/);
    expect(page.headers[policy]).not.toMatch(/https?:|\*/);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['cache-control']).toBe('no-store');
    const { headers: others } = await visitor.get('/app/');
    const differs = (name: string) => page.headers[name] !== others[name];
    expect(
      Object.keys(others).filter((name) => /^(x-frame|cross|referrer)/.test(name) && differs(name)),
    ).toEqual([]);
  });

  test('/ and /app redirect to the overview', async () => {
    const replies = [await visitor.get('/'), await visitor.get('/app')];
    expect(replies.map(({ status, headers }) => [status, headers.location])).toEqual([
      [302, '/app/'],
      [302, '/app/'],
    ]);
  });

  test('a page that does not exist is 404 and says so beside the navigation', async () => {
    const { status, headers } = await visitor.get('/app/nothing');
    expect([status, headers['content-type']]).toEqual([404, expect.stringContaining('text/html')]);
  });

  test('the files of pages may be cached for good, as their names change with their content', async () => {
    const { text } = await visitor.get('/app/');
    const [, script = ''] = /src="(\/app\/assets\/[^"]+\.js)"/.exec(text) ?? [];
    const file = await call(world.server.url, script);
    expect(file.status).toBe(200);
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await call(world.server.url, '/app/assets/nothing.js')).status).toBe(404);
    expect((await call(world.server.url, '/app/assets/%2e%2e/index.html')).status).toBe(404);
  });

  test('the scripts of pages are compressed', async () => {
    const { text } = await visitor.get('/app/');
    const [, script = ''] = /src="(\/app\/assets\/[^"]+\.js)"/.exec(text) ?? [];
    const headers = { 'Accept-Encoding': 'gzip' };
    const file = await call(world.server.url, script, { headers });
    expect([file.status, file.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(file.headers.vary).toContain('Accept-Encoding');
    expect((await visitor.get('/app/', headers)).headers['content-encoding']).toBeUndefined();
  });

  test('a page has the chosen theme in its HTML', async () => {
    const { text } = await visitor.get('/app/');
    expect(text).toContain('data-theme="auto"');
    const cookies = [...visitor.cookies, ['flowgate_theme', 'dark']];
    const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await visitor.get('/app/', { Cookie: cookie })).text).toContain('data-theme="dark"');
  });
});
