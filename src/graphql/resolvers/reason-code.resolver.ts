import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { ReasonCode } from '../types/reason-code.scalar.js';
import { AddReasonCodeInput, ReasonCodeEntry } from '../types/reason-code.type.js';

@Resolver()
export class ReasonCodeResolver {
  @Query(() => [ReasonCodeEntry], {
    description:
      'The reason codes of the account: first those that every account has, then its own, at most 100, by code.',
  })
  reasonCodes(@Ctx() { principal, services }: GraphQLContext): Promise<ReasonCodeEntry[]> {
    return services.reasonCodes.list(principal);
  }

  @Mutation(() => ReasonCodeEntry, {
    description:
      'Adds a reason code to those of the account. Fails with the code CONFLICT where the account has it, or has 100 of its own. Needs the scope ADMIN.',
  })
  addReasonCode(
    @Arg('input', () => AddReasonCodeInput, { description: 'The code to add.' })
    { code, description }: AddReasonCodeInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<ReasonCodeEntry> {
    return services.reasonCodes.add(principal, code, description);
  }

  @Mutation(() => ReasonCode, {
    description:
      'Removes one of the account’s own reason codes from those that can be given, and returns it. Revisions keep it. Needs the scope ADMIN.',
  })
  async removeReasonCode(
    @Arg('code', () => ReasonCode, { description: 'The code to remove.' }) code: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.reasonCodes.remove(principal, code);
    return code;
  }
}
