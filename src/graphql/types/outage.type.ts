import { Field, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({ simpleResolvers: true, description: 'A segment longer than the sensor’s maxGap.' })
export class Outage {
  @Field(() => DateTime)
  start!: Date;

  @Field(() => DateTime)
  end!: Date;
}
