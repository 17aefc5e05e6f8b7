import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'How long the account keeps all of its readings.',
})
export class PingRetention {
  @Field(() => Int, {
    nullable: true,
    description:
      'Readings that are older than this many days are thinned: of each hour the first and the last one stay. Null: none are.',
  })
  days!: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What a retention of readings would remove now.',
})
export class PingRetentionPreview {
  @Field(() => DateTime, { description: 'Earlier readings would be thinned.' })
  before!: Date;

  @Field(() => Float, { description: 'How many readings would be removed.' })
  pings!: number;

  @Field(() => Int, { description: 'How many sensors they are of.' })
  sensors!: number;
}
