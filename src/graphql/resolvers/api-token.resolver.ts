import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ApiToken, CreateApiTokenInput, CreatedApiToken } from '../types/api-token.type.js';
import type { GraphQLContext } from '../execution/context.js';
import { NO_ID, readId } from '../types/record-id.js';

@Resolver()
export class ApiTokenResolver {
  @Query(() => [ApiToken], {
    description: 'The account’s tokens, oldest first, without revoked ones. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  apiTokens(@Ctx() { principal, services }: GraphQLContext): Promise<ApiToken[]> {
    return services.tokens.list(principal);
  }

  @Mutation(() => CreatedApiToken, {
    description:
      'Creates a token and returns its key, which is not shown again. Needs the scope ADMIN.',
  })
  createApiToken(
    @Arg('input', () => CreateApiTokenInput, { description: 'The token to create.' })
    input: CreateApiTokenInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<CreatedApiToken> {
    return services.tokens.create(principal, input);
  }

  @Mutation(() => ID, {
    description:
      'Revokes a token, which ends its access within a second, and returns its id. Needs the scope ADMIN.',
  })
  async revokeApiToken(
    @Arg('id', () => ID, { description: 'The id of the token.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<string> {
    await services.tokens.revoke(principal, readId(id) ?? NO_ID);
    return id;
  }
}
