import { Field, Float, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({ simpleResolvers: true, description: 'One slot of a plot, in bbl/d.' })
export class SeriesPoint {
  @Field(() => DateTime, { description: 'The first ping of the slot.' })
  datetime!: Date;

  @Field(() => Float)
  min!: number;

  @Field(() => Float)
  max!: number;

  @Field(() => Float, { description: 'The mean of the slot’s pings.' })
  average!: number;
}
