import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { FlowSensorOrderField, OrderDirection } from './enums.js';

@ObjectType({ simpleResolvers: true, description: 'A device on a pipe.' })
export class FlowSensor {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  name!: string;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84.' })
  longitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Inches.' })
  pipeDiameter!: number | null;

  @Field(() => DateTime, { nullable: true })
  activatedAt!: Date | null;

  @Field(() => Int, {
    description: 'Seconds; a longer time between two pings is an outage.',
  })
  maxGap!: number;
}

export const FlowSensorConnection = connectionOf(FlowSensor, 'FlowSensor');

@InputType({ description: 'Sensors that meet all that is given.' })
export class FlowSensorFilter {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Part of the name, case-insensitive.' })
  search?: string | null;
}

@InputType()
export class FlowSensorOrder {
  @Field(() => FlowSensorOrderField, { defaultValue: FlowSensorOrderField.ID })
  field!: keyof typeof FlowSensorOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC })
  direction!: keyof typeof OrderDirection;
}

@InputType()
export class CreateFlowSensorInput {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84: -90 to 90.' })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84: -180 to 180.' })
  longitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Inches, more than 0.' })
  pipeDiameter?: number | null;

  @Field(() => DateTime, { nullable: true })
  activatedAt?: Date | null;

  @Field(() => Int, { nullable: true, description: 'Seconds, at least 1; 3600 unless said.' })
  maxGap?: number | null;
}

@InputType({ description: 'What is absent stays; null clears.' })
export class UpdateFlowSensorInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84: -90 to 90.' })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84: -180 to 180.' })
  longitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Inches, more than 0.' })
  pipeDiameter?: number | null;

  @Field(() => DateTime, { nullable: true })
  activatedAt?: Date | null;

  @Field(() => Int, { nullable: true, description: 'Seconds, at least 1; null is 3600.' })
  maxGap?: number | null;
}
