import { ArgsType, Extensions, Field, Float, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';
import { HistoryUpdateType, Quality } from './enums.js';
import { ReasonCode } from './reason-code.scalar.js';
import { FLOWRATE } from './units.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'A change of the history of a sensor’s pings: a late insertion, a correction or a deletion, and what it replaced. It never changes and is never deleted.',
})
export class PingRevision {
  @Field(() => ID, { description: 'The revision’s integer id. A later revision has a larger one.' })
  id!: string;

  @Field(() => HistoryUpdateType, { description: 'What the revision did.' })
  updateType!: keyof typeof HistoryUpdateType;

  @Field(() => ID, { description: 'The id of the ping that was inserted, corrected or deleted.' })
  pingId!: string;

  @Field(() => DateTime, { description: 'The datetime of the ping.' })
  datetime!: Date;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The flowrate before the revision, in bbl/d unless `unit` says otherwise. Null: the ping was inserted.',
  })
  oldFlowrate!: number | null;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The flowrate after the revision, in bbl/d unless `unit` says otherwise. Null: the ping was deleted.',
  })
  newFlowrate!: number | null;

  @Field(() => Quality, {
    nullable: true,
    description: 'The quality before the revision. Null: the ping was inserted.',
  })
  oldQuality!: keyof typeof Quality | null;

  @Field(() => Quality, {
    nullable: true,
    description: 'The quality after the revision. Null: the ping was deleted.',
  })
  newQuality!: keyof typeof Quality | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The meter’s own totalizer before the revision, in barrels. Null: there was none, or the revision left it as it was.',
  })
  oldTotalizer!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The meter’s own totalizer after the revision, in barrels. Null: there is none, or the revision left it as it was.',
  })
  newTotalizer!: number | null;

  @Field(() => DateTime, {
    description: 'When the server made the revision: its `recordedAt`, as pings have one.',
  })
  revisedAt!: Date;

  @Field(() => String, {
    description: 'Who made it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  revisedBy!: string;

  @Field(() => ReasonCode, {
    nullable: true,
    description:
      'Why it was made, as a code. A late insertion has `LATE_DATA` unless another was given. Null: none was given.',
  })
  reasonCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was made, in words. Null: no comment was given.',
  })
  comment!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same as `comment`. Null: no comment was given.',
    deprecationReason: 'Use `comment`.',
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
