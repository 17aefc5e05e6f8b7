import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { accountServices } from '../../helpers/accounts.js';
import { createWorld, startGraphQL, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
const token = () => ({ Authorization: `Token ${world.ours.reader}` });
const VIEWER = JSON.stringify({ query: '{ viewer { account } }' });

beforeAll(async () => {
  world = await createWorld({ maxBodyBytes: 50_000 });
});
afterAll(() => world.close());

// They are listed before a server runs, so that each is a test; where it is they ask when they run.
const audits = serverAudits({
  url: () => world.instance.url,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      // Apollo's protection against requests that a page of another site can make without being
      // asked.
      headers: {
        ...(init.headers as Record<string, string>),
        ...token(),
        'Apollo-Require-Preflight': 'true',
      },
    }),
});

describe('The GraphQL-over-HTTP audit passes', () => {
  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    'the audit %s passes: %s',
    async (_id, _name, audit) => {
      expect(await audit.fn()).toMatchObject({ status: 'ok' });
    },
  );
});

describe('A request without credentials is 401, with any body', () => {
  test.each([
    ['no credentials', {}, 'Authentication credentials were not provided.'],
    [
      'another scheme',
      { Authorization: 'Bearer x' },
      'Authentication credentials were not provided.',
    ],
    ['a wrong token', { Authorization: 'Token x' }, 'Invalid token.'],
    [
      'a malformed header',
      { Authorization: 'Token' },
      'Invalid token header. No credentials provided.',
    ],
  ])(
    'a request with %s is 401 with any body',
    async (_, headers: Record<string, string>, message) => {
      for (const body of [VIEWER, '{', '']) {
        const response = await world.instance.post(body, headers);
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({
          errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
    },
  );

  test('a 401 names the schemes, but not Basic to a page’s script, as that opens a dialog', async () => {
    // fetch() sends the headers of a script.
    const script = await world.instance.post(VIEWER);
    expect(script.headers.get('WWW-Authenticate')).toBe('Token');
    const [program] = (await once(request(world.instance.url).end(), 'response')) as [
      IncomingMessage,
    ];
    program.resume();
    expect(program.statusCode).toBe(401);
    expect(program.headers['www-authenticate']).toBe('Token, Basic realm="api"');
  });

  test('GET without credentials is 401 too', async () => {
    const response = await fetch(`${world.instance.url}?query={__typename}`);
    expect(response.status).toBe(401);
  });
});

describe('Requests', () => {
  test('a request may use Basic', async () => {
    const { users } = accountServices(world.test.database);
    await users.create(world.ours.principal, { username: 'ada', password: 'sésame: ouvre' });
    const basic = Buffer.from('ada:sésame: ouvre').toString('base64');
    const response = await world.instance.post(
      JSON.stringify({ query: '{ viewer { username tokenName account role scopes } }' }),
      { Authorization: `basic ${basic}` },
    );
    expect(await response.json()).toMatchObject({
      data: {
        viewer: {
          username: 'ada',
          tokenName: null,
          account: 'ours',
          role: 'VIEWER',
          scopes: ['READ'],
        },
      },
    });
  });

  test('requests beyond the rate limit are 429 and RATE_LIMITED', async () => {
    const limited = await startGraphQL(world.test, { rateLimit: 1 });
    try {
      expect((await limited.query(world.theirs.reader, '{ viewer { account } }')).status).toBe(200);
      const answer = await limited.query(world.theirs.reader, '{ viewer { account } }');
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(answer.errors[0]!.extensions.code).toBe('RATE_LIMITED');
    } finally {
      await limited.close();
    }
  });

  test('a body that is too large, not JSON, a list, or of another type is refused', async () => {
    const { post } = world.instance;
    const large = await post(JSON.stringify({ query: 'x'.repeat(50_000) }), token());
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('50000')]);
    for (const [body, type] of [
      ['{', 'application/json'],
      [`[${VIEWER}, ${VIEWER}]`, 'application/json'],
      ['', 'application/json'],
      [VIEWER, 'text/plain'],
      [VIEWER, 'application/x-www-form-urlencoded'],
    ] as const) {
      const response = await post(body, { ...token(), 'Content-Type': type });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  });

  test('a body that cannot be decompressed is refused', async () => {
    const response = await world.instance.post('no gzip', {
      ...token(),
      'Content-Encoding': 'gzip',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  test('a path below /graphql does not exist', async () => {
    const response = await fetch(`${world.instance.url}/below`, {
      method: 'POST',
      headers: { ...token(), 'Content-Type': 'application/json' },
      body: VIEWER,
    });
    expect(response.status).toBe(404);
  });

  test('a GET is answered if it has an Authorization header, which no page of another site can send unasked', async () => {
    const response = await fetch(`${world.instance.url}?query={__typename}`, { headers: token() });
    expect(await response.json()).toEqual({
      data: { __typename: 'Query' },
      extensions: { cost: 1 },
    });
  });

  test('a GET cannot execute a mutation', async () => {
    const response = await fetch(
      `${world.instance.url}?query=${encodeURIComponent('mutation { revokeApiToken(id: 1) }')}`,
      {
        headers: { Authorization: `Token ${world.ours.admin}`, 'Apollo-Require-Preflight': 'true' },
      },
    );
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST']);
  });

  test('queries persisted by a hash are not supported', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const response = await world.instance.post(JSON.stringify({ extensions }), token());
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
    });
  });
});

describe('A request that is understood but not executed', () => {
  test.each([
    ['application/json', 200],
    ['*/*', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
  ])('a request that accepts %s and cannot be executed is %i', async (accept, status) => {
    for (const query of ['{', '{ nothing }', 'query ($id: ID!) { flowSensor(id: $id) { id } }']) {
      const response = await world.instance.post(JSON.stringify({ query }), {
        ...token(),
        Accept: accept,
      });
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ errors: [expect.anything()] });
    }
  });
});

describe('An operation that the document does not contain', () => {
  const sensors = async () =>
    (await world.instance.ask(world.ours.reader, '{ flowSensors { totalCount } }')).flowSensors;
  const query = 'mutation Make { createFlowSensor(input: { name: "made" }) { id } }';
  const admin = () => ({ Authorization: `Token ${world.ours.admin}` });

  test.each(['Other', ''])(
    'an operation name "%s" that the document lacks is refused, and nothing is executed',
    async (operationName) => {
      const before = await sensors();
      const posted = await world.instance.post(JSON.stringify({ query, operationName }), admin());
      const parameters = new URLSearchParams({ query, operationName });
      const got = await fetch(`${world.instance.url}?${parameters.toString()}`, {
        headers: { ...admin(), 'Apollo-Require-Preflight': 'true' },
      });
      for (const response of [posted, got]) {
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
        });
      }
      expect(await sensors()).toEqual(before);
    },
  );

  test.each(['Other', ''])(
    'an operation name "%s" that the document lacks is refused again each time it comes',
    async (name) => {
      const { post } = world.instance;
      const send = async (operationName?: string) =>
        (
          await post(JSON.stringify({ query: 'query It { __typename }', operationName }), token())
        ).json();
      for (let time = 1; time <= 3; time++) {
        expect(await send()).toMatchObject({ data: { __typename: 'Query' } });
        expect(await send(name)).toMatchObject({
          errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
        });
      }
    },
  );
});

describe('Introspection', () => {
  test('introspection is open to every authenticated client', async () => {
    const data = await world.instance.ask(world.ours.ingester, getIntrospectionQuery());
    expect(buildClientSchema(data).getType('FlowSensor')).toBeDefined();
  });
});
