import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';
import { AdjustmentCause, AdjustmentStatus } from './period-enums.js';
import { PeriodFigures } from './period.type.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'What has changed the figures of a sensor’s day in a closed period. While it is pending it is one for each sensor and day, of all changes since the period was closed or since the last decision about that day.',
})
export class PriorPeriodAdjustment {
  @Field(() => ID, {
    description:
      'An opaque id. While the adjustment is pending it changes with the figures, so that nobody decides about others than they have read.',
  })
  id!: string;

  @Field(() => DateTime, { description: 'The start of the day, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the day, exclusive.' })
  end!: Date;

  @Field(() => AdjustmentStatus, { description: 'Whether it has been decided, and how.' })
  status!: keyof typeof AdjustmentStatus;

  @Field(() => PeriodFigures, {
    description: 'The figures that stood before it: those closed, with what was decided since.',
  })
  before!: PeriodFigures;

  @Field(() => PeriodFigures, {
    description: 'The figures after it; while it is pending, those of now.',
  })
  after!: PeriodFigures;

  @Field(() => PeriodFigures, {
    description:
      'The difference: `after` less `before`, both rounded to 6 decimals of a barrel, as volumes are published.',
  })
  delta!: PeriodFigures;

  @Field(() => [AdjustmentCause], { description: 'What has changed the figures.' })
  causes!: readonly string[];

  @Field(() => Int, {
    description:
      'How many revisions of the readings that the figures depend on there have been, those of substitutions apart.',
  })
  revisions!: number;

  @Field(() => [String], { description: 'The reason codes of those revisions.' })
  reasonCodes!: readonly string[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was accepted or rejected. Null: it is pending.',
  })
  decidedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who accepted or rejected it. Null: it is pending.',
  })
  decidedBy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was said about the decision. Null: nothing, or it is pending.',
  })
  comment!: string | null;
}

export const PriorPeriodAdjustmentConnection = connectionOf(
  PriorPeriodAdjustment,
  'PriorPeriodAdjustment',
  'prior-period adjustment',
);

@ArgsType()
export class AdjustmentsArgs extends ConnectionArgs {
  @Field(() => AdjustmentStatus, {
    nullable: true,
    description: 'Only those of this status. Null: all.',
  })
  status?: keyof typeof AdjustmentStatus | null;
}
