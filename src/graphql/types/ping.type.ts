import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { OnConflict, PingOrder } from './enums.js';
import { FlowSensor } from './flow-sensor.type.js';
import { ConnectionArgs } from '../pagination/page-request.js';

@ObjectType({ simpleResolvers: true, description: 'One reading of a sensor.' })
export class Ping {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  datetime!: Date;

  @Field(() => Float, { description: 'bbl/d; negative is reverse flow.' })
  flowrate!: number;

  // A value, not a resolver: of a thousand pings that would cost more than all else of them. Compiled queries take it
  // as it is; a promise does only in subscriptions, which graphql-js executes.
  @Field(() => FlowSensor)
  sensor!: FlowSensor;
}

export const PingConnection = connectionOf(Ping, 'Ping');

@ArgsType()
export class PingsArgs extends ConnectionArgs {
  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  start?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  end?: Date | null;

  @Field(() => PingOrder, { nullable: true, defaultValue: PingOrder.NEWEST_FIRST })
  order?: keyof typeof PingOrder | null;
}

@InputType()
export class PingInput {
  @Field(() => ID)
  sensorId!: string;

  @Field(() => Float, { description: 'bbl/d: 0, or of magnitude 1e-30 to 1e15.' })
  flowrate!: number;

  @Field(() => DateTime, { description: 'At most 24 hours ahead.' })
  datetime!: Date;
}

@InputType()
export class RecordPingsInput {
  @Field(() => [PingInput])
  pings!: PingInput[];

  @Field(() => OnConflict, {
    nullable: true,
    defaultValue: OnConflict.REJECT,
    description: 'OVERWRITE corrects what is held, which the history keeps; it needs ADMIN.',
  })
  onConflict?: keyof typeof OnConflict | null;

  @Field(() => String, { nullable: true, description: 'Kept in the history of what is corrected.' })
  reason?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RecordPingsPayload {
  @Field(() => Int, { description: 'Pings that are new or correct one that was held.' })
  recorded!: number;

  @Field(() => Int, { description: 'Pings that were held already with the same flowrate.' })
  duplicates!: number;
}
