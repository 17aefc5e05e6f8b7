import { ArgsType, Extensions, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';
import { ReadingFlagResolution, ReadingFlagStatus, SensorCheck } from './check-enums.js';
import { FLOWRATE } from './units.js';

@ObjectType({ simpleResolvers: true, description: 'Why a reading failed a check.' })
export class ReadingFinding {
  @Field(() => SensorCheck, { description: 'The check.' })
  check!: keyof typeof SensorCheck;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The limit that the reading breaks, in bbl/d unless `unit` says otherwise; of RATE_OF_CHANGE a minute. Null: the check is FROZEN or DUPLICATE.',
  })
  limit!: number | null;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    nullable: true,
    description:
      'The flowrate that it was compared with, in bbl/d unless `unit` says otherwise: of RATE_OF_CHANGE that of the reading before, of DUPLICATE the other one of its instant. Null: the check compares with none.',
  })
  reference!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many equal readings in a row count as frozen. Null: the check is not FROZEN.',
  })
  readings!: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A reading that failed checks of its sensor and became UNCERTAIN, and what became of it.',
})
export class ReadingFlag {
  @Field(() => ID, { description: 'The flag’s id. Of one sensor’s flags a later one sorts later.' })
  id!: string;

  @Field(() => DateTime, { description: 'When the reading was taken.' })
  datetime!: Date;

  @Field(() => ID, { description: 'The id of the ping, which may have been deleted since.' })
  pingId!: string;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    description: 'The flowrate that was flagged, in bbl/d unless `unit` says otherwise.',
  })
  flowrate!: number;

  @Field(() => [ReadingFinding], { description: 'The checks that it failed, at least one.' })
  findings!: ReadingFinding[];

  @Field(() => ReadingFlagStatus, { description: 'Whether it is settled, and how.' })
  status!: keyof typeof ReadingFlagStatus;

  @Field(() => DateTime, { description: 'When the reading was flagged.' })
  flaggedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was settled. Null: it is open.' })
  resolvedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who settled it: `user:NAME`, `token:NAME` or `operator`. A correction or a deletion of the reading settles it too. Null: it is open.',
  })
  resolvedBy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was settled so. Null: none was given.',
  })
  comment!: string | null;
}

export const ReadingFlagConnection = connectionOf(ReadingFlag, 'ReadingFlag', 'flag of a reading');

@ArgsType()
export class ReadingFlagsArgs extends ConnectionArgs {
  @Field(() => ReadingFlagStatus, {
    nullable: true,
    description: 'Only flags of this status. Null: of any.',
  })
  status?: keyof typeof ReadingFlagStatus | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only flags of these sensors, at most 10 000. Null: of all.',
  })
  sensorIds?: string[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only readings at or after this instant. Null: no lower bound.',
  })
  start?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only readings before this instant. Null: no upper bound.',
  })
  end?: Date | null;
}

@ArgsType()
export class ResolveReadingFlagsArgs {
  @Field(() => [ID], { description: 'The ids of open flags, at most 1000.' })
  ids!: string[];

  @Field(() => ReadingFlagResolution, { description: 'What becomes of the readings.' })
  resolution!: keyof typeof ReadingFlagResolution;

  @Field(() => String, {
    nullable: true,
    description: 'Why, in at most 1000 characters; the history keeps it. Null: none.',
  })
  comment?: string | null;
}
