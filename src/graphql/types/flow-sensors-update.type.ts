import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { SensorParameter, VolumeMethod } from './enums.js';
import { FlowrateUnit } from './units.js';

const TAGS = 'at most 20 of 1 to 50 characters, without commas, each once in upper or lower case';

@InputType({ description: 'How several flow sensors are retired.' })
export class RetireFlowSensorsInput {
  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the sensors were taken out of service; neither in the future nor before the last ping of any of them. Null or absent: now.',
  })
  at?: Date | null;
}

@InputType({
  description:
    'What to change of several flow sensors; at least one thing. What is absent stays as it is.',
})
export class UpdateFlowSensorsInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'The longest time between two readings, in seconds, that is not an outage. Null: 3600.',
  })
  maxGap?: number | null;

  @Field(() => VolumeMethod, {
    nullable: true,
    description:
      'How volumes of the sensors are computed where a request does not say how. Null: LINEAR.',
  })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description:
      'The unit in which flowrates of the sensors come in from now on, unless a request says otherwise. Null: BBL_PER_DAY.',
  })
  entryUnit?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of a calendar of the account, for all of the sensors. Null: none.',
  })
  calendar?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags that each of the sensors then has beside its others: ${TAGS}. A sensor that has one in another spelling keeps that. Null: none.`,
  })
  addTags?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags that none of the sensors then has, in upper or lower case: ${TAGS}. Null: none.`,
  })
  removeTags?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The ids of sensor groups, at most 20, of which the sensors then are members. Those that are not yet have no direction in them. Null: none.',
  })
  addToGroups?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The ids of sensor groups, at most 20, of which the sensors then are no members. Null: none.',
  })
  removeFromGroups?: string[] | null;

  @Field(() => RetireFlowSensorsInput, {
    nullable: true,
    description:
      'Retires the sensors: lists leave them out unless asked for, and later pings are refused. Null: they stay in service.',
  })
  retire?: RetireFlowSensorsInput | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'From when on `maxGap`, `method` and `calendar` apply, not in the future; needs at least one of them. Null: from now on, or ever since for sensors without pings. All else applies from now on.',
  })
  effectiveFrom?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, 1 to 1000 characters, for the log of each sensor. Null: no reason.',
  })
  reason?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'How many flow sensors a setting changes of.',
})
export class ChangedSetting {
  @Field(() => SensorParameter, { description: 'The setting.' })
  parameter!: keyof typeof SensorParameter;

  @Field(() => Int, { description: 'How many sensors it changes of.' })
  sensorCount!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What a change of several flow sensors changed, or with `dryRun` would change.',
})
export class FlowSensorsUpdate {
  @Field(() => Int, {
    description: 'How many sensors change, in a setting or in their groups.',
  })
  changedCount!: number;

  @Field(() => Int, { description: 'How many of the sensors were so already.' })
  unchangedCount!: number;

  @Field(() => [ChangedSetting], { description: 'The settings that change of any sensor.' })
  settings!: ChangedSetting[];

  @Field(() => Int, { description: 'How many members the groups get.' })
  addedMemberCount!: number;

  @Field(() => Int, { description: 'How many members the groups lose.' })
  removedMemberCount!: number;
}
