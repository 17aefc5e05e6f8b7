import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A sensor of another server, of which a sensor here is the copy.',
})
export class UpstreamSensor {
  @Field(() => String, { description: 'The address of the other server.' })
  upstream!: string;

  @Field(() => ID, { description: 'The id of the sensor there.' })
  upstreamId!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Up to when all of its readings were copied. Null: none were yet.',
  })
  copiedTo!: Date | null;
}
