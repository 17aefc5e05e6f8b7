import type { VolumeSource } from '../../domain/volumes/flow-volume.js';
import { Extensions, Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { FLOWRATE, VOLUME } from './units.js';

/** Fields of it that take no statement but that of the volume alone. */
export const BARE_FIELDS: ReadonlySet<string> = new Set(['__typename', 'start', 'end', 'volume']);

@ObjectType({
  simpleResolvers: true,
  description:
    'The indicated volume of the range [start, end): the time integral of the flowrate, times the sensor’s meter factor in force at each instant; and what it is made of. It is neither a gross nor a net standard volume. Volumes and durations of adjoining ranges add up. Over several sensors, volumes, durations, ping counts, averages, bounds and revisions are sums, minimum and maximum are over all pings, and coverage is a mean.',
})
export class FlowVolume {
  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the range, exclusive.' })
  end!: Date;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description:
      'The volume, in barrels (bbl) unless `unit` says otherwise. Reverse flow counts as negative; 0 where fewer than two pings are stored.',
  })
  volume!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description:
      'The part of the volume, in barrels (bbl) unless `unit` says otherwise, that lies in segments no longer than the sensor’s `maxGap`. `volumeMeasured` and `volumeInterpolated` add up to `volume`.',
  })
  volumeMeasured!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description:
      'The part of the volume, in barrels (bbl) unless `unit` says otherwise, that lies in outages: segments longer than the sensor’s `maxGap`, over which the flowrate is interpolated (held, with STEP).',
  })
  volumeInterpolated!: number;

  @Field(() => Float, {
    description:
      'How much of the range, in seconds, lies in segments no longer than the sensor’s `maxGap`. `durationGood`, `durationInterpolated` and `durationMissing` add up to the length of the range, over several sensors to as many times that length.',
  })
  durationGood!: number;

  @Field(() => Float, {
    description:
      'How much of the range, in seconds, lies in outages: segments longer than the sensor’s `maxGap`.',
  })
  durationInterpolated!: number;

  @Field(() => Float, {
    description:
      'How much of the range, in seconds, lies before the sensor’s first ping or after its last one, where no flow is assumed.',
  })
  durationMissing!: number;

  @Field(() => Float, {
    description:
      'The share of the range, 0 to 1, that lies in segments no longer than the sensor’s `maxGap`: `durationGood` divided by the length of the range; 0 where the range has no length.',
  })
  coverage!: number;

  @Field(() => Int, { description: 'The number of pings in the range.' })
  pingCount!: number;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The smallest flowrate of the pings in the range as it was recorded, without the meter factor, in bbl/d unless `unit` says otherwise. Null: the range has no pings.',
  })
  minFlowrate!: number | null;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The largest flowrate of the pings in the range as it was recorded, without the meter factor, in bbl/d unless `unit` says otherwise. Null: the range has no pings.',
  })
  maxFlowrate!: number | null;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The volume divided by the time that segments cover in the range, in bbl/d unless `unit` says otherwise. Null: no segment covers any of it. The meter factor counts in it as in the volume. That, and interpolation at the ends of the range, may take it outside the minimum and maximum.',
  })
  averageFlowrate!: number | null;

  /** what other fields of it are read by */
  sources!: readonly VolumeSource[];
}
