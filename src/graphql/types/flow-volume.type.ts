import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'What flowed in the range [start, end): the time integral of the flowrate. Over several sensors, volumes, ping counts and averages are sums, minimum and maximum are over all pings, and coverage is a mean.',
})
export class FlowVolume {
  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the range, exclusive.' })
  end!: Date;

  @Field(() => Float, {
    description:
      'The volume in barrels (bbl). Reverse flow counts as negative; 0 where fewer than two pings are stored.',
  })
  volume!: number;

  @Field(() => Float, {
    description:
      'The share of the range, 0 to 1, that lies in segments no longer than the sensor’s `maxGap`: how much of the volume is measured, not bridged.',
  })
  coverage!: number;

  @Field(() => Int, { description: 'The number of pings in the range.' })
  pingCount!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'The smallest flowrate of the pings in the range, in bbl/d. Null: the range has no pings.',
  })
  minFlowrate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The largest flowrate of the pings in the range, in bbl/d. Null: the range has no pings.',
  })
  maxFlowrate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The volume divided by the time that segments cover in the range, in bbl/d. Null: no segment covers any of it. Interpolation at the ends of the range may take it outside the minimum and maximum.',
  })
  averageFlowrate!: number | null;
}
