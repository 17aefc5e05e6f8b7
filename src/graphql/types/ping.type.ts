import { ArgsType, Extensions, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { Node } from './node.type.js';
import { DateTime } from './date-time.scalar.js';
import { OnConflict, PingOrder, Quality } from './enums.js';
import { FlowSensor } from './flow-sensor.type.js';
import { ReasonCode } from './reason-code.scalar.js';
import { ENTERED_FLOWRATE, FLOWRATE, FlowrateUnit } from './units.js';

export const REASON_CODE =
  'Why stored readings change, as a code of `reasonCodes`, which the history keeps. Null: none.';
export const COMMENT =
  'Why stored readings change, in at most 1000 characters, which the history keeps. Null: none.';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One reading of a flow sensor. A sensor has at most one reading at an instant.',
})
export class Ping {
  @Field(() => ID, { description: 'The documented integer id, unique among pings.' })
  id!: string;

  @Field(() => DateTime, { description: 'When the reading was taken.' })
  datetime!: Date;

  @Extensions(FLOWRATE)
  @Field(() => Float, {
    description:
      'The flowrate, in barrels per day (bbl/d) as recorded unless `unit` says otherwise; negative is reverse flow.',
  })
  flowrate!: number;

  @Extensions(ENTERED_FLOWRATE)
  @Field(() => Float, {
    description:
      'The flowrate as it came in: in the sensor’s unit of entry, which is bbl/d unless set, or in `unit`. It is computed from `flowrate`, exactly for a reading that came in in that unit and had at most 15 significant digits.',
  })
  // Computed in unit-arguments.
  enteredFlowrate?: number;

  @Field(() => DateTime, {
    description:
      'When the server recorded the reading: the instant, rounded up to milliseconds, at which its transaction had the sensor to itself. A correction does not change it. Readings from before the server kept it have the instant of its upgrade, `viewer.recordedSince`.',
  })
  recordedAt!: Date;

  @Field(() => Quality, {
    description: 'How far the reading can be trusted. A BAD one counts in no volume.',
  })
  quality!: keyof typeof Quality;

  // A value, not a resolver: for a thousand pings a resolver would cost more than all their other
  // fields. Compiled queries use it as it is; it is a promise only in subscriptions, which
  // graphql-js executes.
  @Field(() => FlowSensor, { description: 'The sensor that took the reading.' })
  sensor!: FlowSensor;
}

export const PingConnection = connectionOf(Ping, 'Ping', 'ping');

@ArgsType()
export class PingsArgs extends ConnectionArgs {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Only pings at or after this instant. Null: no lower bound.',
  })
  start?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only pings at or before this instant. Null: no upper bound.',
  })
  end?: Date | null;

  @Field(() => PingOrder, {
    nullable: true,
    defaultValue: PingOrder.NEWEST_FIRST,
    description: 'The order of the pings.',
  })
  order?: keyof typeof PingOrder | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The pings as they were stored at this instant: those recorded by then, without later corrections and deletions. Not in the future, nor before `viewer.recordedSince`. Null: as they are stored.',
  })
  asOf?: Date | null;
}

@InputType({ description: 'A reading to record.' })
export class PingInput {
  @Field(() => ID, { description: 'The id of a sensor of the account.' })
  sensorId!: string;

  @Field(() => Float, {
    description:
      'The flowrate, in the unit of the request or, without one, in the sensor’s unit of entry, which is barrels per day (bbl/d) unless set: 0, or a number of magnitude 1e-30 to 1e15, in bbl/d too. Negative is reverse flow.',
  })
  flowrate!: number;

  @Field(() => DateTime, {
    description: 'When the reading was taken, at most 24 hours ahead of the server’s clock.',
  })
  datetime!: Date;

  @Field(() => Quality, {
    nullable: true,
    description:
      'How far the reading can be trusted. Null: GOOD if it is new or corrects a flowrate; the stored one if its flowrate is stored already.',
  })
  quality?: keyof typeof Quality | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The meter’s own totalizer at the instant: its cumulative volume, in barrels (bbl), 0 to 1e15. Null: none, or the stored one.',
  })
  totalizer?: number | null;
}

@InputType({ description: 'The readings to record, and what to do about conflicts.' })
export class RecordPingsInput {
  @Field(() => [PingInput], {
    description:
      'The readings, of one or several sensors. The server’s setting `MAX_PINGS` (100 000 by default) limits their number.',
  })
  pings!: PingInput[];

  @Field(() => OnConflict, {
    nullable: true,
    defaultValue: OnConflict.REJECT,
    description:
      'What happens to a ping that is already stored with another flowrate, quality or totalizer. OVERWRITE needs the scope ADMIN.',
  })
  onConflict?: keyof typeof OnConflict | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: 'The unit of the flowrates. Null: the unit of entry of each sensor.',
  })
  unit?: string | null;

  @Field(() => ReasonCode, {
    nullable: true,
    description: `${REASON_CODE} Late insertions have \`LATE_DATA\` then.`,
  })
  reasonCode?: string | null;

  @Field(() => String, { nullable: true, description: COMMENT })
  comment?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same as `comment`. Null: none.',
    deprecationReason: 'Use `comment`.',
  })
  reason?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What became of the pings of a request.' })
export class RecordPingsPayload {
  @Field(() => Int, { description: 'The number of pings that are new or correct a stored one.' })
  recorded!: number;

  @Field(() => Int, {
    description: 'The number of pings that were already stored with the same flowrate.',
  })
  duplicates!: number;
}
