import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, Extensions, FieldResolver, Float, Info, Int, Resolver, Root } from 'type-graphql';
import { approvalOf } from '../../domain/periods/approval.js';
import { isPartial } from '../../domain/volumes/volumes.js';
import type { GraphQLContext } from '../execution/context.js';
import { FlowVolume } from '../types/flow-volume.type.js';
import { Quality } from '../types/enums.js';
import { Approval } from '../types/period-enums.js';
import { FLOWRATE, VOLUME } from '../types/units.js';

const DETAILS_COST = 2;

/** What is read of a volume only if it is selected. */
@Resolver(() => FlowVolume)
export class FlowVolumeFields {
  @FieldResolver(() => Boolean, {
    description:
      'Whether readings are missing from the range or may still come: part of the range lies before the sensor’s first ping or after its last one (`durationMissing` is above 0), or the range ends after the server’s clock, or after `asOf`. An outage makes no volume partial. Over several sensors: whether it is so for any of them.',
  })
  partial(@Root() volume: FlowVolume, @Ctx() { services }: GraphQLContext): boolean {
    return isPartial(volume, volume.sources[0]?.asOf ?? services.clock());
  }

  @FieldResolver(() => Approval, {
    description:
      'Whether the range lies wholly in closed periods of the sensor. Over several sensors: of all of them. With `asOf`, in those that were closed then.',
    complexity: DETAILS_COST,
  })
  async approval(
    @Root() { start, end, sources }: FlowVolume,
    @Ctx() { groupLoaders }: GraphQLContext,
  ): Promise<keyof typeof Approval> {
    const approvals = await Promise.all(
      sources.map(async ({ sensorId, asOf }) =>
        approvalOf({ start, end }, await groupLoaders.closedRanges(sensorId), asOf),
      ),
    );
    const isApproved = approvals.length > 0 && approvals.every((each) => each === 'APPROVED');
    return isApproved ? 'APPROVED' : 'PROVISIONAL';
  }

  @Extensions(FLOWRATE)
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'The flowrate at the start of the range, in bbl/d unless `unit` says otherwise, as the volume takes it: that of the ping at the start, or interpolated (held, with STEP) between the pings on either side. Null: no segment runs from the start on.',
    complexity: DETAILS_COST,
  })
  async startBound(
    @Root() volume: FlowVolume,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() { path }: GraphQLResolveInfo,
  ): Promise<number | null> {
    return (await sensorLoaders.volumes.volumeDetails(volume, path.prev)).startBound;
  }

  @Extensions(FLOWRATE)
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'The flowrate up to the end of the range, in bbl/d unless `unit` says otherwise, as the volume takes it: that of the ping at the end, or interpolated between the pings on either side; with STEP that of the last ping before the end. Null: no segment runs up to the end.',
    complexity: DETAILS_COST,
  })
  async endBound(
    @Root() volume: FlowVolume,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() { path }: GraphQLResolveInfo,
  ): Promise<number | null> {
    return (await sensorLoaders.volumes.volumeDetails(volume, path.prev)).endBound;
  }

  @FieldResolver(() => Quality, {
    nullable: true,
    description:
      'The worst quality of the readings that the volume depends on, from the last ping at or before its start to the first one at or after its end; BAD if a reading among them is, which the volume leaves out. Over several sensors: the worst of all. Null: the range has neither a ping nor part of a segment.',
    complexity: DETAILS_COST,
  })
  async status(
    @Root() volume: FlowVolume,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() { path }: GraphQLResolveInfo,
  ): Promise<keyof typeof Quality | null> {
    return (await sensorLoaders.volumes.volumeDetails(volume, path.prev)).status;
  }

  @Extensions(VOLUME)
  @FieldResolver(() => Float, {
    description:
      'The part of `volume` that rests on substitutes (`substitutePings`), in barrels unless `unit` says otherwise: that of the segments that begin or end at one; with STEP, that begin at one. It is part of `volumeMeasured`, or of `volumeInterpolated` where such a segment is an outage, and additive over any split of a range.',
    complexity: DETAILS_COST,
  })
  async volumeSubstituted(
    @Root() volume: FlowVolume,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() { path }: GraphQLResolveInfo,
  ): Promise<number> {
    return (await sensorLoaders.volumes.volumeDetails(volume, path.prev)).volumeSubstituted;
  }

  @FieldResolver(() => Int, {
    description:
      'How many revisions there are of the readings that the volume depends on: from the last ping at or before its start to the first one at or after its end. With `asOf`, those made by then. Adjoining ranges share the revisions of readings at their boundary.',
    complexity: DETAILS_COST,
  })
  async revisions(
    @Root() volume: FlowVolume,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() { path }: GraphQLResolveInfo,
  ): Promise<number> {
    return (await sensorLoaders.volumes.volumeDetails(volume, path.prev)).revisions;
  }
}
