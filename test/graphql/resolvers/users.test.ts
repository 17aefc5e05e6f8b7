import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Principal } from '../../../src/domain/shared/principal.js';
import { createWorld, type GraphQLWorld } from '../../helpers/graphql.js';

let world: GraphQLWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const send = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.query(token, query, variables);
const ask = (query: string, variables?: object, token = world.ours.admin) =>
  world.instance.ask(token, query, variables);

const CREATE =
  'mutation ($input: CreateUserInput!) { createUser(input: $input) { id username role disabledAt } }';
const UPDATE =
  'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { username role disabledAt } }';

describe('users', () => {
  test('a user is created, listed, made an administrator and disabled', async () => {
    const input = { username: 'ada', password: 'a right password' };
    const { createUser } = await ask(CREATE, { input });
    expect(createUser).toEqual({
      id: expect.any(String),
      username: 'ada',
      role: 'VIEWER',
      disabledAt: null,
    });
    const { id } = createUser;
    const change = (changed: object) => ask(UPDATE, { id, input: changed });
    expect((await change({ role: 'ADMIN' })).updateUser).toEqual({
      username: 'ada',
      role: 'ADMIN',
      disabledAt: null,
    });
    const { users } = await ask('{ users { id username role createdAt disabledAt } }');
    expect(users.at(-1)).toMatchObject({ id, username: 'ada', role: 'ADMIN', disabledAt: null });
    expect((await change({ disabled: true })).updateUser.disabledAt).toEqual(expect.any(String));
    expect((await change({ disabled: false })).updateUser.disabledAt).toBeNull();
  });

  test.each([
    [{ username: '', password: 'x' }, 'username'],
    [{ username: 'a:b', password: 'x' }, 'username'],
    [{ username: 'bob', password: '' }, 'password'],
  ])('a new user %j is bad input', async (input, field) => {
    const { errors } = await send(CREATE, { input });
    expect(errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  });

  test('users cannot take access from themselves or replace their own password', async () => {
    const { users } = world.instance.services;
    const { id, username, role } = await users.create(world.ours.principal, {
      username: 'grace',
      password: 'a right password',
      role: 'ADMIN',
    });
    const grace: Principal = {
      ...world.ours.principal,
      actor: { kind: 'user', id, username, role },
    };
    for (const input of [{ disabled: true }, { role: 'VIEWER' }, { password: 'x' }] as const) {
      await expect(users.update(grace, id, input)).rejects.toThrow(
        'Users cannot disable themselves',
      );
    }
    expect(await users.update(grace, id, { role: 'ADMIN' })).toMatchObject({ disabledAt: null });
  });

  test('users are listed and changed by administrators of their account only', async () => {
    const input = { username: 'theirs', password: 'a right password' };
    const { createUser } = await ask(CREATE, { input }, world.theirs.admin);
    const { users } = await ask('{ users { username } }');
    expect(users).not.toContainEqual({ username: 'theirs' });
    const variables = { id: createUser.id, input: { disabled: true } };
    const { errors } = await send(UPDATE, variables);
    expect(errors[0]!.extensions.code).toBe('NOT_FOUND');
    const ended = await send('mutation ($id: ID!) { endUserSessions(id: $id) }', {
      id: createUser.id,
    });
    expect(ended.errors[0]!.extensions.code).toBe('NOT_FOUND');
    for (const [query, values] of [
      ['{ users { id } }', {}],
      [CREATE, { input: { username: 'eve', password: 'x' } }],
      [UPDATE, variables],
      ['mutation ($id: ID!) { endUserSessions(id: $id) }', { id: createUser.id }],
    ] as const) {
      const refused = await send(query, values, world.theirs.reader);
      expect(refused.errors[0]!.extensions.code).toBe('FORBIDDEN');
    }
  });
});
