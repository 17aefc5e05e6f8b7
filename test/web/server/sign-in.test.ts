import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accountServices } from '../../helpers/accounts.js';
import { call, createServerWorld, type World } from '../../helpers/server.js';
import { hiddenFields, LOGIN, Visitor } from '../../helpers/visitor.js';

let world: World;
let visitor: Visitor;

beforeAll(async () => {
  world = await createServerWorld({ trustedProxies: ['127.0.0.1'] });
  const { users } = accountServices(world.test.database);
  await users.create(world.ours.principal, { username: 'ada', password: 'a right password' });
});
afterAll(() => world.close());
beforeEach(() => {
  visitor = new Visitor(world.server.url);
});

const signIn = (next?: string) => visitor.signIn('ada', 'a right password', next);
const session = () => visitor.cookies.get('flowgate_session');

const viewer = (headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Cookie: `flowgate_session=${session()}`,
    ...headers,
  },
  body: JSON.stringify({ query: '{ viewer { username } }' }),
});

describe('Signing in at /app/login', () => {
  test('signing in works with a plain HTML form of username and password', async () => {
    const form = await visitor.get(LOGIN);
    expect(form.status).toBe(200);
    expect(form.headers['content-type']).toMatch('text/html');
    expect(form.text).toMatch(/<form[^>]* method="post" action="\/app\/login"/);
    expect(form.text).toMatch(/name="username"/);
    expect(form.text).toMatch(/name="password"\s+type="password"/);
    expect(form.text).not.toMatch(/<script/);

    const reply = await signIn();
    expect([reply.status, reply.headers.location]).toEqual([303, '/app/']);
    expect((await visitor.get('/app/')).status).toBe(200);
  });

  test('signing in sets a session cookie that scripts cannot read and other sites do not send', async () => {
    const [cookie] = (await signIn()).headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      /^flowgate_session=[\w.-]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('where a trusted proxy says https, cookies are Secure and only this host can set them', async () => {
    visitor = new Visitor(world.server.url, { 'X-Forwarded-Proto': 'https' });
    const [form] = (await visitor.get(LOGIN)).headers['set-cookie'] ?? [];
    expect(form).toMatch(
      /^__Host-flowgate_visitor=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const [cookie] = (await signIn()).headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      /^__Host-flowgate_session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure/,
    );
    expect([...visitor.cookies.keys()]).toEqual(['__Host-flowgate_session']);
    expect((await visitor.get('/app/')).status).toBe(200);
    await visitor.post('/app/sign-out', { csrf: await visitor.csrfToken() });
    expect(visitor.cookies.size).toBe(0);
  });

  test('over https a session cookie that another host of the domain may have set is ignored', async () => {
    await signIn();
    const planted = session()!;
    const secure = new Visitor(world.server.url, { 'X-Forwarded-Proto': 'https' });
    secure.cookies.set('flowgate_session', planted);
    expect((await secure.get('/app/')).status).toBe(303);
    const csrf = await visitor.csrfToken();
    const headers = { 'X-Forwarded-Proto': 'https', 'X-CSRF-Token': csrf };
    expect((await call(world.server.url, '/graphql', viewer(headers))).status).toBe(401);
    expect(
      (await call(world.server.url, '/graphql', viewer({ 'X-CSRF-Token': csrf }))).status,
    ).toBe(200);
  });

  test('a wrong password shows the form again, with the username and the reason', async () => {
    const reply = await visitor.signIn('ada', 'wrong');
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBeDefined();
    expect(reply.text).toMatch(/role="alert">That username and password do not match\.</);
    expect(reply.text).toMatch(/value="ada"/);
    expect(session()).toBeUndefined();
  });

  test('signing in needs the CSRF token of the form in the same browser', async () => {
    const { csrf } = hiddenFields((await visitor.get(LOGIN)).text);
    const fields = { username: 'ada', password: 'a right password' };
    const reply = await visitor.post(LOGIN, { ...fields, csrf: 'x' });
    expect([reply.status, reply.text]).toEqual([403, expect.stringContaining('had expired')]);
    const other = new Visitor(world.server.url);
    await other.get(LOGIN);
    expect((await other.post(LOGIN, { ...fields, csrf: csrf! })).status).toBe(403);
    expect((await other.post(LOGIN, fields)).status).toBe(403);
    expect(other.cookies.has('flowgate_session')).toBe(false);
    expect((await visitor.post(LOGIN, { ...fields, csrf: csrf! })).status).toBe(303);
  });

  test('wrong passwords are slowed down, and the page says when to try again', async () => {
    let reply = await visitor.signIn('nobody', 'wrong');
    for (let tries = 1; reply.status === 401 && tries < 20; tries++) {
      reply = await visitor.signIn('nobody', `wrong ${tries}`);
    }
    expect(reply.status).toBe(429);
    const seconds = Number(reply.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(reply.text).toContain(`Try again in ${seconds} second`);
  });

  test('signing in leads back to the page that was requested', async () => {
    const wanted = '/app/sensors/7?range=30d&day=07%3A00';
    const { status, headers } = await visitor.get(wanted);
    expect(status).toBe(303);
    expect(headers.location).toBe(`/app/login?next=${encodeURIComponent(wanted)}`);
    expect((await signIn(wanted)).headers.location).toBe(wanted);
    expect(
      (await visitor.get(`/app/login?next=${encodeURIComponent(wanted)}`)).headers.location,
    ).toBe(wanted);
  });

  test.each([
    'https://evil.example/',
    '//evil.example/app/',
    '/\\evil.example/app/',
    '/app/..//evil.example',
    'javascript:alert(1)',
    '/app/\r\nSet-Cookie: a=b',
    '\t//evil.example',
    '/api/v1/flow_sensors/',
  ])('signing in never leads to another site: %j', async (wanted) => {
    const { location } = (await signIn(wanted)).headers;
    expect(new URL(location!, 'http://here.example').origin).toBe('http://here.example');
    expect(location).toMatch(/^\/app\//);
  });

  test('the form shows the typed username as text, also when it is HTML', async () => {
    const { text } = await visitor.signIn('"><script>alert(1)</script>', 'wrong');
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;');
  });
});

describe('A session', () => {
  test('signing out ends the session and needs the page’s CSRF token', async () => {
    await signIn();
    const csrf = await visitor.csrfToken();
    expect((await visitor.post('/app/sign-out', { csrf: 'x' })).status).toBe(403);
    expect((await visitor.get('/app/')).status).toBe(200);

    const cookie = session()!;
    const reply = await visitor.post('/app/sign-out', { csrf });
    expect([reply.status, reply.headers.location]).toEqual([303, LOGIN]);
    expect(session()).toBeUndefined();
    visitor.cookies.set('flowgate_session', cookie);
    expect((await visitor.get('/app/')).status).toBe(303);
  });

  test('signing out everywhere ends the sessions on every device', async () => {
    const elsewhere = new Visitor(world.server.url);
    await elsewhere.signIn('ada', 'a right password');
    await signIn();
    expect((await elsewhere.get('/app/')).status).toBe(200);
    await visitor.post('/app/sign-out-everywhere', { csrf: await visitor.csrfToken() });
    expect((await elsewhere.get('/app/')).status).toBe(303);
  });

  test('the session cookie is replaced when it is an hour old, and open pages go on working', async () => {
    await signIn();
    const [csrf, before] = [await visitor.csrfToken(), session()];
    const { pool } = world.test.database;
    await pool.query(`UPDATE session SET rotated_at = rotated_at - interval '61 minutes'`);
    expect((await visitor.get('/app/')).status).toBe(200);
    expect(session()).not.toBe(before);
    expect(await visitor.csrfToken()).toBe(csrf);
    expect((await visitor.get('/app/')).status).toBe(200);
  });

  test('a session authenticates a GraphQL request that has the page’s CSRF token', async () => {
    await signIn();
    const token = await visitor.csrfToken();
    const url = `${world.server.url}/graphql`;
    const answer = await fetch(url, viewer({ 'X-CSRF-Token': token }));
    expect(await answer.json()).toMatchObject({ data: { viewer: { username: 'ada' } } });
    const refused = [await fetch(url, viewer()), await fetch(url, viewer({ 'X-CSRF-Token': 'x' }))];
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
  });

  test('a session authenticates a REST request, also a GET, only with the page’s CSRF token', async () => {
    await signIn();
    const path = '/api/v1/flow_sensors/';
    const token = { 'X-CSRF-Token': await visitor.csrfToken() };
    expect((await visitor.get(path, token)).status).toBe(200);
    const refused = [await visitor.get(path), await visitor.get(path, { 'X-CSRF-Token': 'x' })];
    expect(refused.map(({ status, text }) => [status, text])).toEqual(
      refused.map(() => [401, '{"detail":"Authentication credentials were not provided."}']),
    );
    const recording = await visitor.post('/api/v1/pings/', {});
    expect(recording.status).toBe(401);
    expect((await visitor.post('/api/v1/pings/', {}, token)).status).not.toBe(401);
  });
});
