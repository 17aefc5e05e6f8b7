import { ArgsType, Field, Float, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What a correction or a deletion of a ping replaced. It never changes.',
})
export class PingRevision {
  @Field(() => ID, { description: 'The revision’s integer id. A later revision has a larger one.' })
  id!: string;

  @Field(() => ID, { description: 'The id of the ping that was corrected or deleted.' })
  pingId!: string;

  @Field(() => DateTime, { description: 'The datetime of the ping.' })
  datetime!: Date;

  @Field(() => Float, { description: 'The flowrate before the revision, in bbl/d.' })
  oldFlowrate!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The flowrate after the revision, in bbl/d. Null: the ping was deleted.',
  })
  newFlowrate!: number | null;

  @Field(() => DateTime, { description: 'When the correction or deletion was made.' })
  revisedAt!: Date;

  @Field(() => String, {
    description: 'Who made it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  revisedBy!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The reason that was given for it. Null: none was given.',
  })
  reason!: string | null;
}

export const PingRevisionConnection = connectionOf(
  PingRevision,
  'PingRevision',
  'revision of a ping',
);

@ArgsType()
export class PingRevisionsArgs extends ConnectionArgs {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Only revisions of pings at or after this instant. Null: no lower bound.',
  })
  start?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only revisions of pings before this instant. Null: no upper bound.',
  })
  end?: Date | null;
}
