import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { System } from '../types/system.type.js';

@Resolver()
export class SystemResolver {
  @Query(() => System, {
    description: 'The state of the server. Needs the scope ADMIN.',
    complexity: ({ childComplexity }) => 10 + childComplexity,
  })
  system(@Ctx() { principal, services }: GraphQLContext): Promise<System> {
    return services.system.report(principal);
  }
}
