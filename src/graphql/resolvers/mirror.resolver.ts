import { Ctx, Query, Resolver } from 'type-graphql';
import { requireScope } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { Mirror } from '../types/mirror.type.js';

@Resolver()
export class MirrorResolver {
  @Query(() => [Mirror], {
    description: 'The servers that the account’s sensors are copied from.',
  })
  mirrors(@Ctx() { principal, services }: GraphQLContext): readonly Mirror[] {
    requireScope(principal, 'READ');
    return services.mirrors?.statesFor(principal) ?? [];
  }

  @Query(() => Mirror, {
    nullable: true,
    description: 'The first of `mirrors`. Null: there is none.',
    deprecationReason: 'Use mirrors: there may be several.',
  })
  mirror(@Ctx() context: GraphQLContext): Mirror | undefined {
    return this.mirrors(context)[0];
  }
}
