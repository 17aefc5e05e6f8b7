import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { NO_ID, readId } from '../types/record-id.js';
import { ChangePasswordInput, Session } from '../types/session.type.js';

@Resolver()
export class SessionResolver {
  @Query(() => [Session], {
    description:
      'The sessions of the user who asks, the last used first. Fails with the code FORBIDDEN for a token.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  sessions(@Ctx() { principal, services }: GraphQLContext): Promise<Session[]> {
    return services.ownAccess.listSessions(principal);
  }

  @Mutation(() => ID, {
    description:
      'Ends a session of the user who asks within a second, and returns its id. Fails with the code NOT_FOUND where the user has no such session, and FORBIDDEN for a token.',
  })
  async endSession(
    @Arg('id', () => ID, { description: 'The id of the session.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.ownAccess.endSession(principal, readId(id) ?? NO_ID);
    return id;
  }

  @Query(() => [Session], {
    description:
      'The sessions of a user of the account, the last used first. Fails with the code NOT_FOUND where the account has no such user. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  userSessions(
    @Arg('userId', () => ID, { description: 'The id of the user.' }) userId: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<Session[]> {
    return services.userSessions.list(principal, readId(userId) ?? NO_ID);
  }

  @Mutation(() => ID, {
    description:
      'Ends one session of a user within a second, and returns its id. Fails with the code NOT_FOUND where the account has no such user, or the user no such session. Needs the scope ADMIN.',
  })
  async endUserSession(
    @Arg('userId', () => ID, { description: 'The id of the user.' }) userId: string,
    @Arg('id', () => ID, { description: 'The id of the session.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.userSessions.end(principal, readId(userId) ?? NO_ID, readId(id) ?? NO_ID);
    return id;
  }

  @Mutation(() => Int, {
    description:
      'Ends all sessions of the user who asks but the one of this request, and returns their number. Fails with the code FORBIDDEN for a token.',
  })
  endOtherSessions(@Ctx() { principal, services }: GraphQLContext): Promise<number> {
    return services.ownAccess.endOtherSessions(principal);
  }

  @Mutation(() => Boolean, {
    description:
      'Changes the password of the user who asks, ends their other sessions, and returns true. Fails with the code FORBIDDEN for a token.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The passwords.' })
    { currentPassword, newPassword }: ChangePasswordInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<boolean> {
    await services.ownAccess.changePassword(principal, currentPassword, newPassword);
    return true;
  }
}
