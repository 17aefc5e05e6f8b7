import { Field, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A segment (the time between two consecutive pings) longer than the `maxGap`.',
})
export class Outage {
  @Field(() => DateTime, { description: 'The datetime of the last ping before the outage.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The datetime of the first ping after the outage.' })
  end!: Date;
}
