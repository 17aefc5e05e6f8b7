import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { Node } from './node.type.js';
import { DateTime } from './date-time.scalar.js';
import { FlowSensorOrderField, OrderDirection, RetiredSensors, VolumeMethod } from './enums.js';
import { FlowrateUnit } from './units.js';

const NAME = 'The name that people know the sensor by. Names need not be unique.';
const NAME_RULE = 'It has 1 to 255 characters, without control characters.';
const LATITUDE = 'The latitude in degrees (WGS 84), -90 to 90. Null: it is unknown.';
const LONGITUDE = 'The longitude in degrees (WGS 84), -180 to 180. Null: it is unknown.';
const PIPE_DIAMETER = 'The diameter of the pipe in inches, more than 0. Null: it is unknown.';
const ACTIVATED_AT = 'When the sensor was activated. Null: it is unknown.';
const MAX_GAP =
  'The longest normal time between two consecutive pings, in seconds, 1 to 2147483647. A longer segment is an outage.';
const METHOD =
  'How the sensor’s volumes are computed unless a request says otherwise: STEP suits a device that reports only when its flowrate changes.';
const METER_FACTOR =
  'By which the sensor’s volumes are multiplied, as its last proving found it (API MPMS chapters 4 and 12): 0.5 to 2, usually near 1. Flowrates of readings stay as they were recorded.';
const TOTALIZER_ROLLOVER =
  'At which the meter’s own totalizer begins again at 0, in barrels, more than 0 and at most 1e15. It holds for all readings, also for those from before it was set.';
const ENTRY_UNIT =
  'The unit in which the sensor’s flowrates come in, unless a request says otherwise. They are converted once and stored in bbl/d. Files that are imported have a unit of their own.';
const TAGS =
  'Labels of the account’s own, at most 20 of 1 to 50 characters, without commas, each once in upper or lower case.';
const THINNED_UNTIL =
  'Until when the sensor’s readings are thinned: of most hours before, only the first and the last reading is stored, lists begin here, and volumes are of whole hours (UTC). Null: all readings are stored.';
const RETIRED_AT =
  'When the sensor was retired. It has no later pings, and lists leave it out unless asked for; its record stays. Null: it is in service.';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A device that measures the flow in a pipe.',
})
export class FlowSensor {
  @Field(() => ID, { description: 'The documented integer id, unique among flow sensors.' })
  id!: number;

  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => Float, { nullable: true, description: LATITUDE })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: LONGITUDE })
  longitude!: number | null;

  @Field(() => Float, { nullable: true, description: PIPE_DIAMETER })
  pipeDiameter!: number | null;

  @Field(() => DateTime, { nullable: true, description: ACTIVATED_AT })
  activatedAt!: Date | null;

  @Field(() => Int, { description: MAX_GAP })
  maxGap!: number;

  @Field(() => VolumeMethod, { description: METHOD })
  method!: keyof typeof VolumeMethod;

  @Field(() => Float, {
    description: `${METER_FACTOR} Since when, \`configurationLog\` and \`configuration(at:)\` say.`,
  })
  meterFactor!: number;

  @Field(() => Float, {
    nullable: true,
    description: `${TOTALIZER_ROLLOVER} Null: it never does.`,
  })
  totalizerRollover!: number | null;

  @Field(() => FlowrateUnit, { description: ENTRY_UNIT })
  entryUnit!: string;

  @Field(() => [String], { description: TAGS })
  tags!: string[];

  @Field(() => DateTime, { nullable: true, description: THINNED_UNTIL })
  thinnedUntil!: Date | null;

  @Field(() => DateTime, { nullable: true, description: RETIRED_AT })
  retiredAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'From when on the sensor continues the one that it replaced, as `continuesSensor` says. Null: it replaced none.',
  })
  continuesFrom!: Date | null;
}

export const FlowSensorConnection = connectionOf(FlowSensor, 'FlowSensor', 'flow sensor');

@InputType({ description: 'Selects the flow sensors that meet every condition given.' })
export class FlowSensorFilter {
  @Field(() => [ID], {
    nullable: true,
    description:
      'The sensor has one of these ids; there may be at most 10 000. Null: any id. An empty list selects no sensor.',
  })
  ids?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name contains this text, in upper or lower case. Null or empty: any name.',
  })
  search?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The sensor is a member of one of the sensor groups with these ids; there may be at most 1000. Null: of any group or none. An empty list selects no sensor.',
  })
  groupIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The sensor has one of these tags, in upper or lower case; there may be at most 100. Null: with any tags or none. An empty list selects no sensor.',
  })
  tags?: string[] | null;

  @Field(() => RetiredSensors, {
    nullable: true,
    defaultValue: RetiredSensors.EXCLUDE,
    description: 'Whether retired sensors are listed. Null: they are not.',
  })
  retired?: keyof typeof RetiredSensors | null;
}

@InputType({ description: 'How flow sensors are sorted.' })
export class FlowSensorOrder {
  @Field(() => FlowSensorOrderField, {
    defaultValue: FlowSensorOrderField.ID,
    description: 'What the sensors are sorted by.',
  })
  field!: keyof typeof FlowSensorOrderField;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'The direction of the sort.',
  })
  direction!: keyof typeof OrderDirection;
}

@InputType({ description: 'The flow sensor to create.' })
export class CreateFlowSensorInput {
  @Field(() => String, { description: `${NAME} ${NAME_RULE}` })
  name!: string;

  @Field(() => Float, { nullable: true, description: LATITUDE })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: LONGITUDE })
  longitude?: number | null;

  @Field(() => Float, { nullable: true, description: PIPE_DIAMETER })
  pipeDiameter?: number | null;

  @Field(() => DateTime, { nullable: true, description: ACTIVATED_AT })
  activatedAt?: Date | null;

  @Field(() => Int, { nullable: true, description: `${MAX_GAP} Null or absent: 3600.` })
  maxGap?: number | null;

  @Field(() => VolumeMethod, { nullable: true, description: `${METHOD} Null or absent: LINEAR.` })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => Float, { nullable: true, description: `${METER_FACTOR} Null or absent: 1.` })
  meterFactor?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `${TOTALIZER_ROLLOVER} Null or absent: it never does.`,
  })
  totalizerRollover?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of the calendar of the account by which the sensor’s days are counted in pages and files. Null: none.',
  })
  calendar?: string | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: `${ENTRY_UNIT} Null or absent: BBL_PER_DAY.`,
  })
  entryUnit?: string | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} Null or absent: none.` })
  tags?: string[] | null;
}

@InputType({
  description:
    'Changes to a flow sensor. A field that is absent stays as it is; null clears the value.',
})
export class UpdateFlowSensorInput {
  @Field(() => String, {
    nullable: true,
    description: `${NAME} ${NAME_RULE} It cannot be null.`,
  })
  name?: string | null;

  @Field(() => Float, { nullable: true, description: LATITUDE })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: LONGITUDE })
  longitude?: number | null;

  @Field(() => Float, { nullable: true, description: PIPE_DIAMETER })
  pipeDiameter?: number | null;

  @Field(() => DateTime, { nullable: true, description: ACTIVATED_AT })
  activatedAt?: Date | null;

  @Field(() => Int, { nullable: true, description: `${MAX_GAP} Null sets it to 3600.` })
  maxGap?: number | null;

  @Field(() => VolumeMethod, { nullable: true, description: `${METHOD} Null sets it to LINEAR.` })
  method?: keyof typeof VolumeMethod | null;

  @Field(() => Float, { nullable: true, description: `${METER_FACTOR} Null sets it to 1.` })
  meterFactor?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `${TOTALIZER_ROLLOVER} Null: it never does.`,
  })
  totalizerRollover?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the sensor that this one replaced, so that `history` covers both; no other sensor may continue it. Null: it replaced none.',
  })
  continuesSensor?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'From when on it continues the other sensor; not in the future. Null or absent: right after the other’s last ping, or from its retirement if that is later.',
  })
  continuesFrom?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of the calendar of the account by which the sensor’s days are counted in pages and files. Null: none.',
  })
  calendar?: string | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: `${ENTRY_UNIT} Another unit applies from now on, so \`effectiveFrom\` must not be given. Null sets it to BBL_PER_DAY.`,
  })
  entryUnit?: string | null;

  @Field(() => [String], { nullable: true, description: `${TAGS} Null: none.` })
  tags?: string[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'From when on the changes are in force; not in the future. Null: from now on, or ever since if the sensor has no pings yet.',
  })
  effectiveFrom?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the sensor is changed, 1 to 1000 characters, for the log. Null: no reason.',
  })
  reason?: string | null;
}
