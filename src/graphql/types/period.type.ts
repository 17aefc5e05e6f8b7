import { Extensions, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { Quality, VolumeMethod } from './enums.js';
import { FlowSensor } from './flow-sensor.type.js';
import { FlowDirection, PeriodStatus } from './period-enums.js';
import { VOLUME } from './units.js';

const UNIT = 'in barrels (bbl) unless `unit` says otherwise';

@ObjectType({
  simpleResolvers: true,
  description:
    'What flowed through a sensor: its indicated volume and what that is made of, or by how much these differ.',
})
export class PeriodFigures {
  @Extensions(VOLUME)
  @Field(() => Float, { description: `The volume, ${UNIT}.` })
  volume!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: `The part of it in segments no longer than the sensor’s \`maxGap\`, ${UNIT}.`,
  })
  volumeMeasured!: number;

  @Extensions(VOLUME)
  @Field(() => Float, { description: `The part of it in outages, ${UNIT}.` })
  volumeInterpolated!: number;

  @Extensions(VOLUME)
  @Field(() => Float, { description: `The part of it that rests on substitutes, ${UNIT}.` })
  volumeSubstituted!: number;

  @Field(() => Float, {
    description: 'The seconds in segments no longer than the sensor’s `maxGap`.',
  })
  durationGood!: number;

  @Field(() => Float, { description: 'The seconds in outages.' })
  durationInterpolated!: number;

  @Field(() => Float, {
    description: 'The seconds before the sensor’s first ping or after its last one.',
  })
  durationMissing!: number;

  @Field(() => Int, { description: 'The number of pings.' })
  pingCount!: number;

  @Field(() => Quality, {
    nullable: true,
    description:
      'The worst quality of the readings that the volume depends on. Null: there are none, or it is a difference.',
  })
  status?: keyof typeof Quality | null;
}

@ObjectType({ simpleResolvers: true, description: 'What flowed through a sensor in a day.' })
export class PeriodDay {
  @Field(() => DateTime, { description: 'The start of the day, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the day, exclusive.' })
  end!: Date;

  @Field(() => PeriodFigures, { description: 'Its figures.' })
  figures!: PeriodFigures;
}

@ObjectType({ simpleResolvers: true, description: 'What a period has of one of its sensors.' })
export class PeriodSensor {
  @Field(() => FlowSensor, { description: 'The sensor.' })
  sensor!: FlowSensor;

  @Field(() => FlowDirection, {
    nullable: true,
    description: 'Its direction in the group at that time. Null: it had none.',
  })
  direction!: keyof typeof FlowDirection | null;

  @Field(() => PeriodFigures, { description: 'The sums of its days.' })
  total!: PeriodFigures;

  @Field(() => [PeriodDay], { description: 'Its days, oldest first, at most 367.' })
  days!: PeriodDay[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A period of a sensor group whose figures stand as they were when it was closed. Readings that come later are accepted; what they change is in `adjustments`.',
})
export class Period {
  @Field(() => ID, { description: 'The integer id, unique among periods.' })
  id!: number;

  @Field(() => DateTime, { description: 'The start of the period, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the period, exclusive.' })
  end!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of the calendar by which its days were counted. Null: they are days of UTC.',
  })
  calendar!: string | null;

  @Field(() => String, { description: 'The time zone of its days, an IANA name.' })
  timeZone!: string;

  @Field(() => String, { description: 'The local time, `HH:MM`, at which its days begin.' })
  dayStart!: string;

  @Field(() => VolumeMethod, {
    nullable: true,
    description: 'How its volumes were computed. Null: by each sensor’s own method.',
  })
  method!: keyof typeof VolumeMethod | null;

  @Field(() => PeriodStatus, { description: 'Whether its figures stand.' })
  status!: keyof typeof PeriodStatus;

  @Field(() => DateTime, {
    description:
      'When it was closed. Its figures are of the readings as they were stored at this instant.',
  })
  closedAt!: Date;

  @Field(() => String, {
    description: 'Who closed it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  closedBy!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was closed, or forced to be. Null: no reason was given.',
  })
  reason!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was reopened. Null: it is closed.',
  })
  reopenedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who reopened it. Null: it is closed.',
  })
  reopenedBy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was reopened. Null: it is closed.',
  })
  reopenReason!: string | null;
}

export const PeriodConnection = connectionOf(Period, 'Period', 'period');

@ObjectType({
  simpleResolvers: true,
  description: 'What a period would have if it were closed now.',
})
export class PeriodPreview {
  @Field(() => DateTime, { description: 'The start of the period, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the period, exclusive.' })
  end!: Date;

  @Field(() => [PeriodSensor], { description: 'What it would have of its sensors, by id.' })
  sensors!: PeriodSensor[];

  @Field(() => [FlowSensor], {
    description:
      'The sensors of which readings up to its end are missing: it is closed only with `force`.',
  })
  incomplete!: FlowSensor[];

  @Field(() => Int, {
    description:
      'How many of its readings failed checks and are not worked off: it is closed only with `force`.',
  })
  openFlags!: number;
}
