import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld({ maxPings: 10 });
});
afterAll(() => world.close());

const send = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.query(token, query, variables);
const ask = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.ask(token, query, variables);

describe('API tokens', () => {
  test('an API token is made, listed without its key, used and revoked', async () => {
    const { createApiToken } = await ask(
      `mutation { createApiToken(input: { name: "plc", scopes: [INGEST, READ], expiresAt: "2999-01-01" }) { id key name scopes expiresAt } }`,
    );
    expect(createApiToken).toEqual({
      id: expect.any(String),
      key: expect.any(String),
      name: 'plc',
      scopes: ['READ', 'INGEST'],
      expiresAt: '2999-01-01T00:00:00Z',
    });
    const { id, key } = createApiToken;
    expect((await ask('{ viewer { tokenName } }', {}, key)).viewer.tokenName).toBe('plc');
    const { apiTokens } = await ask('{ apiTokens { id name scopes expiresAt createdAt } }');
    expect(apiTokens.at(-1)).toMatchObject({ id, name: 'plc', scopes: ['READ', 'INGEST'] });
    expect(await ask(`mutation { revokeApiToken(id: "${id}") }`)).toEqual({ revokeApiToken: id });
    expect((await send('{ viewer { tokenName } }', {}, key)).status).toBe(401);
  });

  test.each([
    ['{ name: "", scopes: [READ] }', 'name'],
    ['{ name: "x", scopes: [] }', 'scopes'],
    ['{ name: "x", scopes: [READ], expiresAt: "2000-01-01" }', 'expiresAt'],
  ])('an API token of %s is bad input', async (input, field) => {
    const { errors } = await send(`mutation { createApiToken(input: ${input}) { id } }`);
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  });
});
