import 'reflect-metadata';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  Authorized,
  buildSchema,
  Field,
  FieldResolver,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql';
import { bypassTypeGraphql } from '../../../src/graphql/execution/fast-field-resolvers.js';

const none: PropertyDecorator & MethodDecorator = () => undefined;
const middleware = UseMiddleware((_data, next) => next());
const roles = Authorized('ADMIN');

/** Where type-graphql keeps what decorators say. */
const globals = globalThis as { TypeGraphQLMetadataStorage?: unknown };
const { TypeGraphQLMetadataStorage: ofTheServer } = globals;
beforeEach(() => {
  globals.TypeGraphQLMetadataStorage = undefined;
});
afterEach(() => {
  globals.TypeGraphQLMetadataStorage = ofTheServer;
});

/** A schema with a guard at one kind of place. */
async function build(guard: {
  readonly field?: typeof none;
  readonly fieldResolver?: typeof none;
}): Promise<void> {
  const { field = none, fieldResolver = none } = guard;

  @ObjectType({ simpleResolvers: true })
  class Thing {
    @Field(() => String)
    @field
    plain!: string;
  }

  @Resolver(() => Thing)
  class ThingResolver {
    @FieldResolver(() => String)
    @fieldResolver
    computed(): string {
      return 'computed';
    }

    @Query(() => Thing)
    thing(): Thing {
      return { plain: 'plain' };
    }
  }

  const schema = await buildSchema({
    resolvers: [ThingResolver],
    validate: false,
    authChecker: () => true,
  });
  bypassTypeGraphql(schema);
}

test('a schema without middlewares and roles is accepted', async () => {
  await expect(build({})).resolves.toBeUndefined();
});

test.each([
  ['a middleware on a field resolver', { fieldResolver: middleware }, 'ThingResolver.computed'],
  ['roles on a field resolver', { fieldResolver: roles }, 'ThingResolver.computed'],
  ['a middleware on a field', { field: middleware }, 'Thing.plain'],
  ['roles on a field', { field: roles }, 'Thing.plain'],
])('%s, which would be dropped in silence, is refused by name', async (_, guard, place) => {
  await expect(build(guard)).rejects.toThrow(
    `${place} has ${Object.values(guard).includes(roles) ? 'roles' : 'a middleware'}, which would not be applied`,
  );
});
