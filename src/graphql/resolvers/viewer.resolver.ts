import { Ctx, Query, Resolver } from 'type-graphql';
import { SCOPES, type Principal } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { Viewer } from '../types/viewer.type.js';

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'The credential that makes the request.' })
  viewer(@Ctx() { principal }: GraphQLContext): Viewer {
    return viewerOf(principal);
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
