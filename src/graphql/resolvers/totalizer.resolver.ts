import { Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql';
import type { PingIdentity } from '../../domain/pings/pings.js';
import type { GraphQLContext } from '../execution/context.js';
import { totalizerCost } from '../execution/field-costs.js';
import { FlowVolume } from '../types/flow-volume.type.js';
import { Ping } from '../types/ping.type.js';
import { TotalizerVolume } from '../types/totalizer-volume.type.js';

@Resolver(() => Ping)
export class PingTotalizerField {
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'The meter’s own totalizer at the instant: its cumulative volume as it came in, in barrels (bbl), as of now. Null: the reading came without one.',
    complexity: 2,
  })
  totalizer(
    @Root() ping: PingIdentity,
    @Ctx() { totalizerLoaders }: GraphQLContext,
  ): Promise<number | null> {
    return totalizerLoaders.ofPing(ping);
  }
}

@Resolver(() => FlowVolume)
export class FlowVolumeTotalizerField {
  @FieldResolver(() => TotalizerVolume, {
    nullable: true,
    description:
      'What the meter counted by itself in the range, to compare the volume with. Null: fewer than two readings in the range have a totalizer; or the meter factor changes between two of those, so that their difference cannot be divided; or readings in the range are thinned. Null also over several sensors. With `asOf`, it is what was known at that instant.',
    complexity: totalizerCost,
  })
  totalizer(
    @Root() volume: FlowVolume,
    @Ctx() { totalizerLoaders }: GraphQLContext,
  ): Promise<TotalizerVolume | null> {
    return totalizerLoaders.ofVolume(volume);
  }
}
