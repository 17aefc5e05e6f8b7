import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What flowed in [start, end): the time integral of flowrate.',
})
export class FlowVolume {
  @Field(() => DateTime)
  start!: Date;

  @Field(() => DateTime)
  end!: Date;

  @Field(() => Float, { description: 'Barrels; reverse flow counts as negative.' })
  volume!: number;

  @Field(() => Float, {
    description: 'The share of the range, 0 to 1, in segments no longer than the sensor’s maxGap.',
  })
  coverage!: number;

  @Field(() => Int)
  pingCount!: number;

  @Field(() => Float, { nullable: true, description: 'bbl/d, of the pings in the range.' })
  minFlowrate!: number | null;

  @Field(() => Float, { nullable: true, description: 'bbl/d, of the pings in the range.' })
  maxFlowrate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'bbl/d: the volume divided by the time that segments cover in the range.',
  })
  averageFlowrate!: number | null;
}
