import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ApiToken, CreateApiTokenInput, CreatedApiToken } from '../types/api-token.type.js';
import type { GraphQLContext } from '../execution/context.js';
import { NO_ID, readId } from '../types/record-id.js';

@Resolver()
export class ApiTokenResolver {
  @Query(() => [ApiToken], {
    description: 'Oldest first; revoked ones are not there. Needs ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  apiTokens(@Ctx() { principal, services }: GraphQLContext): Promise<ApiToken[]> {
    return services.tokens.list(principal);
  }

  @Mutation(() => CreatedApiToken, { description: 'Needs ADMIN.' })
  createApiToken(
    @Arg('input', () => CreateApiTokenInput) input: CreateApiTokenInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<CreatedApiToken> {
    return services.tokens.create(principal, input);
  }

  @Mutation(() => ID, { description: 'Ends its access everywhere within a second. Needs ADMIN.' })
  async revokeApiToken(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.tokens.revoke(principal, readId(id) ?? NO_ID);
    return id;
  }
}
