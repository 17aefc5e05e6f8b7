import { Extensions, Field, Float, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { FLOWRATE } from './units.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The pings in one slot of a plot, summarized.',
})
export class SeriesPoint {
  @Field(() => DateTime, { description: 'The datetime of the first ping in the slot.' })
  datetime!: Date;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    description: 'The smallest flowrate in the slot, in bbl/d unless `unit` says otherwise.',
  })
  min!: number;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    description: 'The largest flowrate in the slot, in bbl/d unless `unit` says otherwise.',
  })
  max!: number;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    description:
      'The arithmetic mean of the flowrates in the slot, in bbl/d unless `unit` says otherwise.',
  })
  average!: number;
}
