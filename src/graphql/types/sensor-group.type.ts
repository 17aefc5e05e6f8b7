import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { FlowSensor } from './flow-sensor.type.js';
import { FlowDirection } from './period-enums.js';

const NAME = 'The name, unique in the account, of 1 to 100 characters.';
const CALENDAR = 'The name of the calendar of the account by which the group’s days are counted.';
const MAX_PERCENT =
  'Above how many percent of the inflow the imbalance of a day is an alert, 0 to 100.';
const MAX_VOLUME = 'Above how many barrels (bbl) the imbalance of a day is an alert, 0 or more.';
const DIRECTION = 'Which way the sensor’s flow counts in the group’s balance.';

@ObjectType({
  simpleResolvers: true,
  description: 'Flow sensors of an account that are read and closed together.',
})
export class SensorGroup {
  @Field(() => ID, { description: 'The integer id, unique among sensor groups.' })
  id!: number;

  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => Float, { nullable: true, description: `${MAX_PERCENT} Null: no alert by it.` })
  maxImbalancePercent!: number | null;

  @Field(() => Float, { nullable: true, description: `${MAX_VOLUME} Null: no alert by it.` })
  maxImbalanceVolume!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'A flow sensor of a sensor group.' })
export class SensorGroupMember {
  @Field(() => FlowSensor, { description: 'The sensor.' })
  sensor!: FlowSensor;

  @Field(() => FlowDirection, {
    nullable: true,
    description: `${DIRECTION} Null: it does not.`,
  })
  direction!: keyof typeof FlowDirection | null;
}

export const SensorGroupConnection = connectionOf(SensorGroup, 'SensorGroup', 'sensor group');

@InputType({ description: 'The sensor group to create. It begins without members.' })
export class CreateSensorGroupInput {
  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: `${CALENDAR} Null or absent: days of UTC.`,
  })
  calendar?: string | null;

  @Field(() => Float, { nullable: true, description: `${MAX_PERCENT} Null or absent: none.` })
  maxImbalancePercent?: number | null;

  @Field(() => Float, { nullable: true, description: `${MAX_VOLUME} Null or absent: none.` })
  maxImbalanceVolume?: number | null;
}

@InputType({
  description:
    'Changes to a sensor group. A field that is absent stays as it is; null clears the calendar and the thresholds.',
})
export class UpdateSensorGroupInput {
  @Field(() => String, { nullable: true, description: `${NAME} Null or absent: it stays.` })
  name?: string | null;

  @Field(() => String, { nullable: true, description: `${CALENDAR} Null: days of UTC.` })
  calendar?: string | null;

  @Field(() => Float, { nullable: true, description: `${MAX_PERCENT} Null: none.` })
  maxImbalancePercent?: number | null;

  @Field(() => Float, { nullable: true, description: `${MAX_VOLUME} Null: none.` })
  maxImbalanceVolume?: number | null;
}

@InputType({ description: 'A flow sensor of a sensor group.' })
export class SensorGroupMemberInput {
  @Field(() => ID, { description: 'The id of the sensor.' })
  sensorId!: string;

  @Field(() => FlowDirection, {
    nullable: true,
    description: `${DIRECTION} Null or absent: it does not.`,
  })
  direction?: keyof typeof FlowDirection | null;
}
