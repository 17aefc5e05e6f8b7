import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { SensorParameter, VolumeMethod } from './enums.js';
import { FlowrateUnit } from './units.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A change of one setting of a flow sensor. It never changes.',
})
export class SensorConfigurationChange {
  @Field(() => ID, { description: 'The change’s integer id. A later change has a larger one.' })
  id!: string;

  @Field(() => SensorParameter, { description: 'The setting that was changed.' })
  parameter!: keyof typeof SensorParameter;

  @Field(() => String, {
    nullable: true,
    description:
      'The value in force at `effectiveFrom` before the change, as text. Null: there was none.',
  })
  oldValue!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The value from `effectiveFrom` on, as text. Null: there is none.',
  })
  newValue!: string | null;

  @Field(() => DateTime, {
    description:
      'From when on the new value is in force. `0001-01-01T00:00:00Z` means ever since, as for a sensor that had no pings yet.',
  })
  effectiveFrom!: Date;

  @Field(() => DateTime, { description: 'When the change was made.' })
  recordedAt!: Date;

  @Field(() => String, {
    description: 'Who made it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  changedBy!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The reason that was given for it. Null: none was given.',
  })
  reason!: string | null;
}

export const SensorConfigurationChangeConnection = connectionOf(
  SensorConfigurationChange,
  'SensorConfigurationChange',
  'change of a setting',
);

@ObjectType({
  simpleResolvers: true,
  description: 'The settings of a flow sensor that are in force at an instant.',
})
export class SensorConfiguration {
  @Field(() => String, { description: 'The name of the sensor.' })
  name!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'The latitude in degrees (WGS 84), -90 to 90. Null: it was unknown.',
  })
  latitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The longitude in degrees (WGS 84), -180 to 180. Null: it was unknown.',
  })
  longitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The diameter of the pipe in inches, more than 0. Null: it was unknown.',
  })
  pipeDiameter!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the sensor was activated. Null: it was unknown.',
  })
  activatedAt!: Date | null;

  @Field(() => Int, {
    description:
      'The longest normal time between two consecutive pings, in seconds, of segments that begin at the instant.',
  })
  maxGap!: number;

  @Field(() => VolumeMethod, {
    description: 'How the sensor’s volumes are computed unless a request says otherwise.',
  })
  method!: keyof typeof VolumeMethod;

  @Field(() => Float, {
    description: 'By which the sensor’s volumes are multiplied at the instant.',
  })
  meterFactor!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'At which the meter’s own totalizer began again at 0, in barrels. Null: it never did.',
  })
  totalizerRollover!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the sensor’s calendar. Null: it had none.',
  })
  calendar!: string | null;

  @Field(() => [String], { description: 'The sensor’s tags.' })
  tags!: string[];

  @Field(() => FlowrateUnit, {
    description:
      'The unit in which the sensor’s flowrates come in unless a request says otherwise.',
  })
  entryUnit!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the sensor was retired. Null: it was in service.',
  })
  retiredAt!: Date | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the sensor that it replaced. Null: it replaced none.',
  })
  continuesSensorId!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'From when on it continues that sensor. Null: it replaced none.',
  })
  continuesFrom!: Date | null;
}
