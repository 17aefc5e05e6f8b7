import { Field, InputType, ObjectType } from 'type-graphql';
import { VolumeMethod } from './enums.js';
import { FlowrateUnit, VolumeUnit } from './units.js';

const NAME = 'The name, unique in the account, of 1 to 100 characters.';
const TIME_ZONE = 'The time zone of days, weeks and months, as an IANA name.';
const DAY_START = 'The local time, `HH:MM`, at which days, weeks and months begin.';
const METHOD = 'How volumes are computed.';
const VOLUME_UNIT = 'The unit in which files show volumes.';
const FLOWRATE_UNIT = 'The unit in which files show flowrates.';

@ObjectType({
  simpleResolvers: true,
  description: 'How an account counts days, weeks and months, by a name.',
})
export class VolumeCalendar {
  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, { description: TIME_ZONE })
  timeZone!: string;

  @Field(() => String, { description: DAY_START })
  dayStart!: string;

  @Field(() => VolumeMethod, {
    nullable: true,
    description: `${METHOD} Null: by each sensor’s own method.`,
  })
  method!: keyof typeof VolumeMethod | null;

  @Field(() => VolumeUnit, { description: VOLUME_UNIT })
  volumeUnit!: string;

  @Field(() => FlowrateUnit, { description: FLOWRATE_UNIT })
  flowrateUnit!: string;
}

@InputType({ description: 'A calendar to create, or to replace the one of its name.' })
export class VolumeCalendarInput {
  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, { description: TIME_ZONE })
  timeZone!: string;

  @Field(() => String, {
    nullable: true,
    description: `${DAY_START} Null or absent: 00:00.`,
  })
  dayStart?: string | null;

  @Field(() => VolumeMethod, {
    nullable: true,
    description: `${METHOD} Null or absent: by each sensor’s own method.`,
  })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => VolumeUnit, { nullable: true, description: `${VOLUME_UNIT} Null or absent: BBL.` })
  volumeUnit?: string | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: `${FLOWRATE_UNIT} Null or absent: BBL_PER_DAY.`,
  })
  flowrateUnit?: string | null;
}
