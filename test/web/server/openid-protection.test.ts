import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LOCAL, OpenIdWorld } from '../../helpers/openid-world.js';
import { startServer, type TestServer } from '../../helpers/server.js';
import { LOGIN, Visitor } from '../../helpers/visitor.js';

const PROXIED = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'flow.example.com' };

let at: OpenIdWorld;
/** of the same database, behind a proxy */
let proxied: TestServer;

beforeAll(async () => {
  at = await OpenIdWorld.create({}, ['https://flow.example.com/flow']);
  proxied = await startServer(at.world.test, {
    openId: at.provider.config(),
    ...{ basePath: '/flow', trustedProxies: ['127.0.0.1'] },
  });
});
afterAll(async () => {
  await proxied.close();
  await at.close();
});
beforeEach(() => {
  at.newVisitor();
  at.provider.isAway = false;
  at.provider.change = undefined;
});

describe('What protects signing in at a provider', () => {
  const EXPIRED = 'That sign-in had expired, or began in another browser.';

  test.each([
    ['another state', (back: string) => back.replace(/state=[\w-]+/, 'state=another')],
    ['no state', (back: string) => back.replace(/&?state=[\w-]+/, '')],
  ])('a response with %s signs nobody in', async (_, change) => {
    const { status, text } = await at.visitor.get(change(await at.visitProvider('alice')));
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain(EXPIRED);
  });

  test('a response signs in only the browser that began, and once', async () => {
    const back = await at.visitProvider('alice');
    const other = new Visitor(at.world.server.url);
    expect((await other.get(back)).status).toBe(403);
    expect(other.cookies.has('flowgate_session')).toBe(false);
    const kept = at.visitor.cookies.get('flowgate_openid')!;
    expect((await at.visitor.get(back)).headers.location).toBe('/app/');
    at.newVisitor();
    at.visitor.cookies.set('flowgate_openid', kept);
    const again = await at.visitor.get(back);
    expect([again.status, at.isSignedIn]).toEqual([403, false]);
  });

  test('a sign-in that took longer than ten minutes has expired', async () => {
    const back = await at.visitProvider('alice');
    const kept = Buffer.from(at.visitor.cookies.get('flowgate_openid')!, 'base64url');
    const attempt = JSON.parse(kept.toString());
    expect(attempt.until - Date.now()).toBeLessThanOrEqual(600_000);
    const old = Buffer.from(JSON.stringify({ ...attempt, until: Date.now() - 1 }));
    at.visitor.cookies.set('flowgate_openid', old.toString('base64url'));
    const { status, text } = await at.visitor.get(back);
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain(EXPIRED);
  });

  test.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'another client' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['a time that is over', { exp: Math.floor(Date.now() / 1000) - 3600 }],
    ['a subject of unusual characters', { sub: 'a\u0000b' }],
  ])('an ID token with %s signs nobody in', async (_, change) => {
    const back = await at.visitProvider('alice');
    at.provider.change = (claims) => ({ ...claims, ...change });
    const { status, text } = await at.visitor.get(back);
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain('The response of Pipelines Inc. could not be verified');
    expect(at.world.server.log.at(-1)).toContain('a sign-in at the provider failed');
  });

  test('an ID token that another key signed signs nobody in', async () => {
    const back = await at.visitProvider('alice');
    const restore = await at.provider.forgeKey();
    const { status } = await at.visitor.get(back);
    restore();
    expect([status, at.isSignedIn]).toEqual([403, false]);
  });

  test('a provider that refuses is named with its reason', async () => {
    const { status, text } = await at.signIn(undefined);
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain('Pipelines Inc. did not sign you in (access_denied).');
  });

  test('while the provider is away the page says so, and passwords work', async () => {
    const back = await at.visitProvider('alice');
    at.provider.isAway = true;
    const message = 'Pipelines Inc. does not respond. Please try again in a moment';
    const finished = await at.visitor.get(back);
    expect([finished.status, at.isSignedIn]).toEqual([503, false]);
    expect(finished.headers['retry-after']).toBe('10');
    expect(finished.text).toContain(message);
    const fresh = await startServer(at.world.test, { openId: at.provider.config() });
    try {
      const local = new Visitor(fresh.url);
      const begun = await local.get(`${LOGIN}/openid`);
      expect([begun.status, begun.text]).toEqual([503, expect.stringContaining(message)]);
      expect((await local.signIn(LOCAL.username, LOCAL.password)).status).toBe(303);
      at.provider.isAway = false;
      expect((await new Visitor(fresh.url).get(`${LOGIN}/openid`)).status).toBe(303);
    } finally {
      await fresh.close();
    }
  });

  test('signing out ends the session here, and offers to end the one at the provider', async () => {
    await at.signIn('alice');
    const out = await at.visitor.post('/app/sign-out', { csrf: await at.visitor.csrfToken() });
    expect(out.headers.location).toBe(`${LOGIN}?signed_out`);
    expect(at.isSignedIn).toBe(false);
    const { text } = await at.visitor.get(out.headers.location!);
    expect(text).toContain('may still be signed in at Pipelines Inc.');
    const { headers } = await at.visitor.get('/app/login/openid/sign-out');
    const { origin, searchParams } = new URL(headers.location!);
    expect(origin).toBe(at.provider.issuer);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'flowgate',
      post_logout_redirect_uri: `${at.world.server.url}/app/login`,
    });
    await at.visitor.signIn(LOCAL.username, LOCAL.password);
    const local = await at.visitor.post('/app/sign-out', { csrf: await at.visitor.csrfToken() });
    expect(local.headers.location).toBe(LOGIN);
  });

  test('behind a proxy with TLS and a base path, all addresses are the proxy’s', async () => {
    at.visitor = new Visitor(proxied.url, PROXIED);
    const { text } = await at.visitor.get(LOGIN);
    expect(text).toContain('href="/flow/app/login/openid?next=%2Fflow%2Fapp%2F"');
    const { headers } = await at.visitor.get(`${LOGIN}/openid`);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Secure-flowgate_openid=[^;]+; Path=\/flow\/app; HttpOnly; Secure/),
    ]);
    const back = await at.provider.visit(headers.location!, 'sub-alice');
    expect(back.href).toMatch(
      /^https:\/\/flow\.example\.com\/flow\/app\/login\/openid\/callback\?/,
    );
    const reply = await at.visitor.get(back.pathname + back.search);
    expect([reply.status, reply.headers.location]).toEqual([303, '/flow/app/']);
    expect([...at.visitor.cookies.keys()]).toContain('__Secure-flowgate_session');
  });
});
