import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { NO_ID, readId } from '../types/record-id.js';
import { CreateUserInput, UpdateUserInput, User } from '../types/user.type.js';

@Resolver()
export class UserResolver {
  @Query(() => [User], {
    description: 'The account’s users, oldest first. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  users(@Ctx() { principal, services }: GraphQLContext): Promise<User[]> {
    return services.users.list(principal);
  }

  @Mutation(() => User, { description: 'Creates a user. Needs the scope ADMIN.' })
  createUser(
    @Arg('input', () => CreateUserInput, { description: 'The user to create.' })
    { username, password, role }: CreateUserInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<User> {
    return services.users.create(principal, { username, password, role: role ?? undefined });
  }

  @Mutation(() => User, { description: 'Changes a user. Needs the scope ADMIN.' })
  updateUser(
    @Arg('id', () => ID, { description: 'The id of the user.' }) id: string,
    @Arg('input', () => UpdateUserInput, { description: 'What to change.' })
    input: UpdateUserInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<User> {
    return services.users.update(principal, readId(id) ?? NO_ID, input);
  }

  @Mutation(() => Int, {
    description:
      'Ends all sessions of a user within a second, and returns their number. Needs the scope ADMIN.',
  })
  endUserSessions(
    @Arg('id', () => ID, { description: 'The id of the user.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<number> {
    return services.users.endSessions(principal, readId(id) ?? NO_ID);
  }
}
