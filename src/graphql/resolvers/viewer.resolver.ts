import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver } from 'type-graphql';
import { SCOPES, type Principal } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { DateTime } from '../types/date-time.scalar.js';
import { FlowrateUnit, readFlowrateUnit, readVolumeUnit, VolumeUnit } from '../types/units.js';
import { UpdateViewerInput, Viewer } from '../types/viewer.type.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'The credential that makes the request.' })
  viewer(@Ctx() { principal }: GraphQLContext): Viewer {
    return viewerOf(principal);
  }

  @Mutation(() => Viewer, {
    description: 'Changes the user who asks. Fails with the code FORBIDDEN for a token.',
  })
  async updateViewer(
    @Arg('input', () => UpdateViewerInput, { description: 'What to change.' })
    { volumeUnit, flowrateUnit }: UpdateViewerInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<Viewer> {
    await services.userUnits.set(principal, {
      ...(volumeUnit && { volumeUnit: readVolumeUnit(volumeUnit) }),
      ...(flowrateUnit && { flowrateUnit: readFlowrateUnit(flowrateUnit) }),
    });
    return viewerOf(principal);
  }

  @FieldResolver(() => VolumeUnit, {
    description: 'The unit in which the user’s pages show volumes; BBL for a token.',
  })
  async volumeUnit(@Ctx() { principal, services }: GraphQLContext): Promise<string> {
    return (await services.userUnits.of(principal)).volumeUnit;
  }

  @FieldResolver(() => FlowrateUnit, {
    description: 'The unit in which the user’s pages show flowrates; BBL_PER_DAY for a token.',
  })
  async flowrateUnit(@Ctx() { principal, services }: GraphQLContext): Promise<string> {
    return (await services.userUnits.of(principal)).flowrateUnit;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether the user has a password. A user who was created by signing in at an OpenID Connect provider has none until an administrator sets one. False for a token.',
  })
  hasPassword(@Ctx() { principal, services }: GraphQLContext): Promise<boolean> {
    return services.ownAccess.hasPassword(principal);
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
