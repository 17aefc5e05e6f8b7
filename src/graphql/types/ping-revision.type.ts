import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { MAX_PAGE_SIZE } from '../pagination/page-request.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What a correction or a deletion of a ping replaced. Nothing ever changes it.',
})
export class PingRevision {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  pingId!: string;

  @Field(() => DateTime, { description: 'Of the ping.' })
  datetime!: Date;

  @Field(() => Float, { description: 'bbl/d' })
  oldFlowrate!: number;

  @Field(() => Float, { nullable: true, description: 'bbl/d; null where the ping was deleted.' })
  newFlowrate!: number | null;

  @Field(() => DateTime)
  revisedAt!: Date;

  @Field(() => String, { description: '`user:NAME`, `token:NAME` or `operator`.' })
  revisedBy!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

export const PingRevisionConnection = connectionOf(PingRevision, 'PingRevision');

@ArgsType()
export class PingRevisionsArgs {
  @Field(() => Int, { nullable: true, description: `At most ${MAX_PAGE_SIZE}.` })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Of pings from this instant on.' })
  start?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Of pings before this instant.' })
  end?: Date | null;
}
