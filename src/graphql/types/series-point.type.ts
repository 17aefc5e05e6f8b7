import { Field, Float, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The pings in one slot of a plot, summarized.',
})
export class SeriesPoint {
  @Field(() => DateTime, { description: 'The datetime of the first ping in the slot.' })
  datetime!: Date;

  @Field(() => Float, { description: 'The smallest flowrate in the slot, in bbl/d.' })
  min!: number;

  @Field(() => Float, { description: 'The largest flowrate in the slot, in bbl/d.' })
  max!: number;

  @Field(() => Float, {
    description: 'The arithmetic mean of the flowrates in the slot, in bbl/d.',
  })
  average!: number;
}
