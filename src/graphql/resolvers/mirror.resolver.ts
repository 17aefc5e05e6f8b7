import { Ctx, Query, Resolver } from 'type-graphql';
import { requireScope } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { Mirror } from '../types/mirror.type.js';

@Resolver()
export class MirrorResolver {
  @Query(() => Mirror, {
    nullable: true,
    description: 'The server that the account’s sensors are copied from. Null: from none.',
  })
  mirror(@Ctx() { principal, services }: GraphQLContext): Mirror | undefined {
    requireScope(principal, 'READ');
    return services.mirror?.stateFor(principal);
  }
}
