import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { NO_ID, readId } from '../types/record-id.js';
import { RemoveTotpInput, Totp, TotpEnrolment } from '../types/totp.type.js';
import { User } from '../types/user.type.js';

@Resolver()
export class TotpResolver {
  @Query(() => Totp, {
    description:
      'The one-time passwords of the user who asks. Fails with the code FORBIDDEN for a token.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  totp(@Ctx() { principal, services }: GraphQLContext): Promise<Totp> {
    return services.ownTotp.state(principal);
  }

  @Mutation(() => TotpEnrolment, {
    description:
      'Begins to set up one-time passwords for the user who asks; nothing changes before `confirmTotp`. Fails with the code CONFLICT where they are set up, and FORBIDDEN for a token.',
  })
  enrolTotp(
    @Arg('currentPassword', () => String, { description: 'The password that the user has now.' })
    currentPassword: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<TotpEnrolment> {
    return services.ownTotp.enrol(principal, currentPassword);
  }

  @Mutation(() => [String], {
    description:
      'Asks the user for a code at each sign-in from now on, and returns ten recovery codes, each of which takes the place of a code once. They are shown once. Fails with the code CONFLICT where `enrolTotp` did not come before, and FORBIDDEN for a token.',
  })
  confirmTotp(
    @Arg('code', () => String, { description: 'A code of the authenticator app.' }) code: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string[]> {
    return services.ownTotp.confirm(principal, code);
  }

  @Mutation(() => Boolean, {
    description:
      'Removes the one-time passwords and recovery codes of the user who asks, and returns true. Fails with the code FORBIDDEN for a token.',
  })
  async removeTotp(
    @Arg('input', () => RemoveTotpInput, { description: 'The password and a code.' })
    { currentPassword, code }: RemoveTotpInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<boolean> {
    await services.ownTotp.remove(principal, currentPassword, code);
    return true;
  }

  @Mutation(() => User, {
    description:
      'Removes the one-time passwords of another user, who can then sign in with the password alone. Fails with the code NOT_FOUND where the user has none, and CONFLICT for the user who asks. Needs the scope ADMIN.',
  })
  resetTotp(
    @Arg('userId', () => ID, { description: 'The id of the user.' }) userId: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<User> {
    return services.users.resetTotp(principal, { id: readId(userId) ?? NO_ID });
  }
}
