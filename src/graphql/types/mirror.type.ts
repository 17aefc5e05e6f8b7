import { Field, Float, ID, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A volume of a mirrored sensor that the upstream gives otherwise.',
})
export class VolumeDifference {
  @Field(() => ID, { description: 'The id of the flow sensor here.' })
  sensorId!: number;

  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the range, exclusive.' })
  end!: Date;

  @Field(() => Float, { description: 'The volume here, in barrels.' })
  here!: number;

  @Field(() => Float, { description: 'The volume that the upstream gives, in barrels.' })
  upstream!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A server that sensors of the account are copied from, and how up to date they are.',
})
export class Mirror {
  @Field(() => String, { description: 'What the operator calls the server.' })
  name!: string;

  @Field(() => String, { description: 'The address of the server.' })
  upstream!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When all that was new there had been copied. Null: not yet since this instance started.',
  })
  syncedAt!: Date | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Why the last attempt to copy failed. Null: it succeeded, or there was none yet.',
  })
  error!: string | undefined;

  @Field(() => [VolumeDifference], {
    description:
      'The volumes that differ, of each sensor’s day before its last ping, when they were compared last; they are compared once an hour.',
  })
  differences!: readonly VolumeDifference[];
}
