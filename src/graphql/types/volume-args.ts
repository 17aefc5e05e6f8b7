import { ArgsType, Field, Int } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { VolumeInterval, VolumeMethod } from './enums.js';

export const DEFAULT_POINTS = 500;

const METHOD =
  'How the flowrate is taken to change between pings. Null or absent: as the sensor’s own `method` says, which is LINEAR unless set.';

export const AS_OF =
  'Of the pings as they were stored at this instant: those recorded by then, without later corrections and deletions. The sensor’s settings are those that are logged now. Not in the future, nor before `viewer.recordedSince`. Null: as they are stored.';

@ArgsType()
export class RangeArgs {
  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, {
    description: 'The end of the range, exclusive; not before `start`.',
  })
  end!: Date;
}

@ArgsType()
export class VolumeArgs extends RangeArgs {
  @Field(() => VolumeMethod, {
    nullable: true,
    description: METHOD,
  })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => DateTime, { nullable: true, description: AS_OF })
  asOf?: Date | null;
}

@ArgsType()
export class CalendarArgs extends RangeArgs {
  @Field(() => VolumeInterval, { description: 'The length of each interval.' })
  interval!: keyof typeof VolumeInterval;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'UTC',
    description:
      'The time zone of days, weeks and months, as an IANA name such as `America/Chicago`. HOUR does not use it.',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    defaultValue: '00:00',
    description:
      'The local time, `HH:MM`, at which days, weeks and months begin. HOUR does not use it.',
  })
  dayStart?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of a calendar of the account, in place of `timeZone` and `dayStart`; its method applies unless `method` says otherwise. Null: none.',
  })
  calendar?: string | null;

  @Field(() => VolumeMethod, {
    nullable: true,
    description: METHOD,
  })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => DateTime, { nullable: true, description: AS_OF })
  asOf?: Date | null;
}

@ArgsType()
export class SeriesArgs extends RangeArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_POINTS,
    description: 'The number of equal slots that the range is divided into, 1 to 5000.',
  })
  maxPoints?: number | null;
}
