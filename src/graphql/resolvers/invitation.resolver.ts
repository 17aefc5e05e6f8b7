import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { CreatedInvitation, CreateInvitationInput, Invitation } from '../types/invitation.type.js';
import { NO_ID, readId } from '../types/record-id.js';

@Resolver()
export class InvitationResolver {
  @Query(() => [Invitation], {
    description:
      'The invitations to the account that can still be accepted, oldest first. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  invitations(@Ctx() { principal, services }: GraphQLContext): Promise<Invitation[]> {
    return services.invitations.list(principal);
  }

  @Mutation(() => CreatedInvitation, {
    description:
      'Creates an invitation and returns the code of its link, which is not shown again. Needs the scope ADMIN.',
  })
  createInvitation(
    @Arg('input', () => CreateInvitationInput, { description: 'The invitation to create.' })
    input: CreateInvitationInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<CreatedInvitation> {
    return services.invitations.create(principal, input);
  }

  @Mutation(() => ID, {
    description:
      'Revokes an invitation, whose link is then of no use, and returns its id. Fails with the code NOT_FOUND where it was accepted or revoked before. Needs the scope ADMIN.',
  })
  async revokeInvitation(
    @Arg('id', () => ID, { description: 'The id of the invitation.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.invitations.revoke(principal, readId(id) ?? NO_ID);
    return id;
  }
}
