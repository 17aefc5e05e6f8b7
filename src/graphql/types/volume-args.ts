import { ArgsType, Field, Int } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { VolumeInterval, VolumeMethod } from './enums.js';

export const DEFAULT_POINTS = 500;

@ArgsType()
export class RangeArgs {
  @Field(() => DateTime)
  start!: Date;

  @Field(() => DateTime)
  end!: Date;
}

@ArgsType()
export class VolumeArgs extends RangeArgs {
  @Field(() => VolumeMethod, { nullable: true, defaultValue: VolumeMethod.LINEAR })
  method?: keyof typeof VolumeMethod | null;
}

@ArgsType()
export class CalendarArgs extends RangeArgs {
  @Field(() => VolumeInterval)
  interval!: keyof typeof VolumeInterval;

  @Field(() => String, { nullable: true, defaultValue: 'UTC', description: 'IANA name.' })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    defaultValue: '00:00',
    description: 'When days begin, weeks and months too, by local time: HH:MM.',
  })
  dayStart?: string | null;

  @Field(() => VolumeMethod, { nullable: true, defaultValue: VolumeMethod.LINEAR })
  method?: keyof typeof VolumeMethod | null;
}

@ArgsType()
export class SeriesArgs extends RangeArgs {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULT_POINTS, description: 'At most 5000.' })
  maxPoints?: number | null;
}
