import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import { SCOPES, type Principal } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { DateTime } from '../types/date-time.scalar.js';
import { Viewer } from '../types/viewer.type.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'The credential that makes the request.' })
  viewer(@Ctx() { principal }: GraphQLContext): Viewer {
    return viewerOf(principal);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'Since when the server keeps the instant at which it records a reading. Readings from before have this instant as their `recordedAt`, and no `asOf` may be earlier. Null: it has kept it of every reading.',
  })
  recordedSince(@Ctx() { services }: GraphQLContext): Promise<Date | undefined> {
    return services.recordHistory.recordedSince();
  }
}

function viewerOf({ accountName, actor, scopes }: Principal): Viewer {
  return {
    username: actor.kind === 'user' ? actor.username : null,
    tokenName: actor.kind === 'token' ? actor.name : null,
    account: accountName,
    role: actor.kind === 'user' ? actor.role : null,
    scopes: SCOPES.filter((scope) => scopes.has(scope)),
  };
}
