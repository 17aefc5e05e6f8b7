import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { launchBrowser } from '../../helpers/browser.js';
import { LOCAL, OpenIdWorld } from '../../helpers/openid-world.js';
import { basic, call, JSON_BODY } from '../../helpers/server.js';
import { LOGIN, Visitor } from '../../helpers/visitor.js';

let at: OpenIdWorld;

beforeAll(async () => {
  at = await OpenIdWorld.create();
  at.person('victor');
  at.person('theo', { organization: 'theirs' });
});
afterAll(() => at.close());
beforeEach(() => void at.newVisitor());

async function viewer(): Promise<{ username: string; account: string; role: string } | undefined> {
  const { url } = at.world.server;
  const Cookie = [...at.visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const { body } = await call(url, '/graphql', {
    method: 'POST',
    headers: { ...JSON_BODY, Cookie, 'X-CSRF-Token': await at.visitor.csrfToken() },
    body: JSON.stringify({ query: '{ viewer { username account role hasPassword } }' }),
  });
  return body.data?.viewer;
}

async function lastEvents(count: number) {
  const { auditEvents } = at.world.server.services;
  const { events } = await auditEvents.window(
    at.world.ours.principal,
    {},
    { take: count, from: 'first' },
  );
  return events.map(({ type, actorName, subjectName, details }) => ({
    ...{ type, actorName, subjectName, details },
  }));
}

const users = async () => {
  const { users } = at.world.server.services;
  return (await users.list(at.world.ours.principal)).map(({ username }) => username);
};

describe('Signing in at an OpenID Connect provider', () => {
  test('the sign-in page links to the provider without scripts, and a password still works', async () => {
    const { text } = await at.visitor.get(`${LOGIN}?next=%2Fapp%2Fvolumes%3Funit%3Dm3%26x%3D1`);
    expect(text).toContain('Sign in with Pipelines Inc.');
    expect(text).toContain('href="/app/login/openid?next=%2Fapp%2Fvolumes%3Funit%3Dm3%26x%3D1"');
    expect(text).not.toContain('<script');
    expect((await at.visitor.signIn(LOCAL.username, LOCAL.password)).status).toBe(303);
  });

  test('the browser is sent to the provider with PKCE, a state and a nonce', async () => {
    const { status, headers } = await at.visitor.get(`${LOGIN}/openid`);
    expect(status).toBe(303);
    const { origin, searchParams } = new URL(headers.location!);
    expect(origin).toBe(at.provider.issuer);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'flowgate',
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: `${at.world.server.url}/app/login/openid/callback`,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^flowgate_openid=[\w-]+; Path=\/app; HttpOnly; SameSite=Lax$/),
    ]);
  });

  test('the first sign-in creates the user with the account and role that the claims name', async () => {
    const reply = await at.signIn('alice', '/app/volumes?range=30d');
    expect([reply.status, reply.headers.location]).toEqual([303, '/app/volumes?range=30d']);
    expect(at.visitor.cookies.has('flowgate_openid')).toBe(false);
    expect(await viewer()).toEqual({
      username: 'alice',
      account: 'ours',
      role: 'ADMIN',
      hasPassword: false,
    });
    const issuer = `${at.provider.issuer}/`;
    const own = { actorName: 'alice', subjectName: 'alice' };
    expect(await lastEvents(2)).toEqual([
      { type: 'SIGNED_IN', ...own, details: { issuer } },
      { type: 'USER_CREATED', ...own, details: { issuer, role: 'ADMIN' } },
    ]);
  });

  test('a user whose claim names another account sees that account alone', async () => {
    await at.signIn('theo');
    expect(await viewer()).toMatchObject({ username: 'theo', account: 'theirs', role: 'VIEWER' });
    expect(await users()).not.toContain('theo');
  });

  test('the role follows the groups of each sign-in, also in sessions that are open', async () => {
    at.person('rita');
    await at.signIn('rita');
    const before = at.visitor;
    expect(await viewer()).toMatchObject({ role: 'VIEWER' });
    at.person('rita', { realm_access: { roles: ['other', 'flow-admins'] } });
    at.newVisitor();
    await at.signIn('rita');
    expect(await viewer()).toMatchObject({ username: 'rita', role: 'ADMIN' });
    expect((await lastEvents(2))[1]).toMatchObject({
      type: 'USER_ROLE_CHANGED',
      subjectName: 'rita',
      details: { role: 'ADMIN' },
    });
    at.person('rita', { realm_access: { roles: ['other'] } });
    at.newVisitor();
    const refused = await at.signIn('rita');
    expect([refused.status, at.isSignedIn]).toEqual([403, false]);
    expect(refused.text).toContain('Your groups give you no access. Ask your administrator.');
    expect(before.cookies.has('flowgate_session')).toBe(true);
  });

  test('a user is known by issuer and subject, never by a username or an e-mail address', async () => {
    at.person('impostor', { preferred_username: 'root', email: 'root', email_verified: false });
    await at.signIn('impostor');
    expect(await viewer()).toMatchObject({ username: 'root-2', role: 'VIEWER' });
    at.person('impostor', { preferred_username: 'renamed' });
    at.newVisitor();
    await at.signIn('impostor');
    expect(await viewer()).toMatchObject({ username: 'root-2' });
  });

  test('an operator can make a local user one of the provider, who keeps the username and the password', async () => {
    const { users: service } = at.world.server.services;
    const { principal } = at.world.ours;
    await service.create(principal, { ...LOCAL, username: 'lois' });
    at.person('lois');
    const identity = { issuer: at.provider.issuer, subject: 'sub-lois' };
    await service.setIdentity(principal, 'lois', identity);
    await at.signIn('lois');
    expect(await viewer()).toMatchObject({ username: 'lois', hasPassword: true });
    expect((await at.newVisitor().signIn('lois', LOCAL.password)).status).toBe(303);
    await expect(service.setIdentity(principal, LOCAL.username, identity)).rejects.toMatchObject({
      errors: [{ path: ['subject'] }],
    });
    await expect(
      service.setIdentity(at.world.theirs.principal, 'lois', undefined),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await service.setIdentity(principal, 'lois', undefined);
    at.newVisitor();
    await at.signIn('lois');
    expect(await viewer()).toMatchObject({ username: 'lois-2' });
  });

  test('a username that cannot be one gives way to the next claim', async () => {
    at.person('odd', { preferred_username: ' \u202e', email: 'odd:one@example.com' });
    await at.signIn('odd');
    expect(await viewer()).toMatchObject({ username: 'odd_one@example.com' });
  });

  test('two first sign-ins at once make one user', async () => {
    at.person('twin');
    const both = [new Visitor(at.world.server.url), new Visitor(at.world.server.url)];
    const back: string[] = [];
    for (const each of both) {
      at.visitor = each;
      back.push(await at.visitProvider('twin'));
    }
    const replies = await Promise.all(both.map((each, index) => each.get(back[index]!)));
    expect(replies.map(({ headers }) => headers.location)).toEqual(['/app/', '/app/']);
    expect((await users()).filter((name) => name.startsWith('twin'))).toEqual(['twin']);
  });

  test('a user who is disabled here stays out', async () => {
    await at.signIn('victor');
    const { users: service } = at.world.server.services;
    await service.disable(at.world.ours.principal, 'victor');
    at.newVisitor();
    const { status, text } = await at.signIn('victor');
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain('role="alert">Your access is disabled. Ask your administrator.<');
    expect(await lastEvents(1)).toMatchObject([
      { type: 'SIGN_IN_FAILED', subjectName: 'victor', details: { reason: expect.any(String) } },
    ]);
    await service.enable(at.world.ours.principal, 'victor');
    expect((await at.signIn('victor')).headers.location).toBe('/app/');
  });

  test('a user never moves from one account to another', async () => {
    at.person('mover');
    await at.signIn('mover');
    at.person('mover', { organization: 'theirs' });
    at.newVisitor();
    const { status, text } = await at.signIn('mover');
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain('You belong to another account here than before.');
  });

  test.each([
    ['no account', { organization: undefined }, 'No account here is yours.'],
    ['an unknown account', { organization: 'nobody\u0000' }, 'No account here is yours.'],
    ['two accounts', { organization: ['ours', 'theirs'] }, 'More than one account here is yours.'],
  ])('a new user with %s is refused, and not created', async (_, claims, message) => {
    at.person('stray', claims);
    const { status, text } = await at.signIn('stray');
    expect([status, at.isSignedIn]).toEqual([403, false]);
    expect(text).toContain(message);
    expect(await users()).not.toContain('stray');
  });

  test('a user of the provider has no password, and none that matches', async () => {
    await at.signIn('alice');
    for (const password of ['!', '', ' ']) {
      const reply = await call(at.world.server.url, '/api/v1/flow_sensors/', {
        headers: basic('alice', password),
      });
      expect(reply.status).toBe(401);
    }
    expect((await new Visitor(at.world.server.url).signIn('alice', '!')).status).toBe(401);
  });

  test('in a browser the button leads to the provider and back to the page that was asked for, and signing out ends both sessions', async () => {
    at.person('brenda');
    at.provider.user = 'sub-brenda';
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ baseURL: at.world.server.url });
      const button = page.getByRole('link', { name: 'Sign in with Pipelines Inc.' });
      await page.goto('/app/volumes?range=30d');
      await button.click();
      await page.getByText('brenda', { exact: true }).waitFor();
      expect(page.url()).toBe(`${at.world.server.url}/app/volumes?range=30d`);
      await page.getByText('brenda', { exact: true }).click();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      const cookies = async () => (await page.context().cookies()).map(({ name }) => name);
      await page.getByText('may still be signed in at Pipelines Inc.').waitFor();
      expect(await cookies()).not.toContain('flowgate_session');
      expect(await cookies()).toContain('_session');
      await page.getByRole('link', { name: 'Sign out there too' }).click();
      await page.getByRole('button', { name: 'Yes, sign me out' }).click();
      await page.waitForURL(`${at.world.server.url}/app/login`);
      expect(await cookies()).not.toContain('_session');
    } finally {
      await browser.close();
    }
  });
});
