import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

const READINGS = 'How many equal readings in a row, 2 to 1000.';
const SECONDS =
  'From the first to the last of them at least so many seconds, 0 to 2678400 (31 days).';
const PER_MINUTE =
  'The largest change from the reading before, in bbl/d a minute: more than 0, at most 1e15.';
const LOW = 'A lower flowrate, in bbl/d, is flagged. Null: there is no lower limit.';
const HIGH = 'A higher flowrate, in bbl/d, is flagged. Null: there is no upper limit.';
const CUT_OFF =
  'A flowrate other than 0 that is nearer to it, in bbl/d, is flagged: more than 0, at most 1e15.';

const FROZEN = 'FROZEN: equal readings other than 0 in a row, over a duration.';
const RATE_OF_CHANGE = 'RATE_OF_CHANGE: too fast a change from the reading before.';
const REASONABILITY = 'REASONABILITY: what the device can measure at all.';
const OPERATIONAL_LIMIT = 'OPERATIONAL_LIMIT: what is usual in operation.';
const LOW_FLOW = 'LOW_FLOW: a flowrate other than 0 below the cut-off.';
const DUPLICATE = 'DUPLICATE: another flowrate is sent for an instant that is stored.';
const OFF = 'Null: the check is off.';

@ObjectType({ simpleResolvers: true, description: 'When readings count as frozen.' })
@InputType('FrozenCheckInput', { description: 'When readings count as frozen.' })
export class FrozenCheck {
  @Field(() => Int, { description: READINGS })
  readings!: number;

  @Field(() => Int, { description: SECONDS })
  seconds!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How fast flowrates may change.' })
@InputType('RateOfChangeCheckInput', { description: 'How fast flowrates may change.' })
export class RateOfChangeCheck {
  @Field(() => Float, { description: PER_MINUTE })
  perMinute!: number;
}

@ObjectType({ simpleResolvers: true, description: 'Between which limits flowrates lie.' })
@InputType('FlowrateLimitsInput', {
  description: 'Between which limits flowrates lie; at least one is given.',
})
export class FlowrateLimits {
  @Field(() => Float, { nullable: true, description: LOW })
  low?: number | null;

  @Field(() => Float, { nullable: true, description: HIGH })
  high?: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'Which flowrates are too low to be measured.' })
@InputType('LowFlowCheckInput', { description: 'Which flowrates are too low to be measured.' })
export class LowFlowCheck {
  @Field(() => Float, { description: CUT_OFF })
  cutOff!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What the readings of a sensor are checked for when they are recorded.',
})
export class SensorChecks {
  @Field(() => FrozenCheck, { nullable: true, description: `${FROZEN} ${OFF}` })
  frozen?: FrozenCheck | null;

  @Field(() => RateOfChangeCheck, { nullable: true, description: `${RATE_OF_CHANGE} ${OFF}` })
  rateOfChange?: RateOfChangeCheck | null;

  @Field(() => FlowrateLimits, { nullable: true, description: `${REASONABILITY} ${OFF}` })
  reasonability?: FlowrateLimits | null;

  @Field(() => FlowrateLimits, { nullable: true, description: `${OPERATIONAL_LIMIT} ${OFF}` })
  operationalLimit?: FlowrateLimits | null;

  @Field(() => LowFlowCheck, { nullable: true, description: `${LOW_FLOW} ${OFF}` })
  lowFlow?: LowFlowCheck | null;

  @Field(() => Boolean, { nullable: true, description: `${DUPLICATE} ${OFF}` })
  duplicate?: boolean | null;
}

@InputType({
  description:
    'What the readings of a sensor are checked for when they are recorded. A check that is absent is off.',
})
export class SensorChecksInput {
  @Field(() => FrozenCheck, { nullable: true, description: `${FROZEN} ${OFF}` })
  frozen?: FrozenCheck | null;

  @Field(() => RateOfChangeCheck, { nullable: true, description: `${RATE_OF_CHANGE} ${OFF}` })
  rateOfChange?: RateOfChangeCheck | null;

  @Field(() => FlowrateLimits, { nullable: true, description: `${REASONABILITY} ${OFF}` })
  reasonability?: FlowrateLimits | null;

  @Field(() => FlowrateLimits, { nullable: true, description: `${OPERATIONAL_LIMIT} ${OFF}` })
  operationalLimit?: FlowrateLimits | null;

  @Field(() => LowFlowCheck, { nullable: true, description: `${LOW_FLOW} ${OFF}` })
  lowFlow?: LowFlowCheck | null;

  @Field(() => Boolean, { nullable: true, description: `${DUPLICATE} ${OFF}` })
  duplicate?: boolean | null;
}
