import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { SubstitutionMethod } from './enums.js';
import { ReasonCode } from './reason-code.scalar.js';

const REVERSED = 'Null: it was not reversed';

@ObjectType({
  simpleResolvers: true,
  description:
    'The readings of a stretch of time, replaced by others on purpose. The originals stay in the history of readings, and come back when it is reversed.',
})
export class Substitution {
  @Field(() => ID, { description: 'The substitution’s integer id, for its sensor.' })
  id!: string;

  @Field(() => ID, { description: 'The id of the flow sensor.' })
  sensorId!: number;

  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the range, exclusive.' })
  end!: Date;

  @Field(() => SubstitutionMethod, {
    description: 'How the flowrates of the substitutes were found.',
  })
  method!: keyof typeof SubstitutionMethod;

  @Field(() => Float, {
    nullable: true,
    description:
      'What was given: a flowrate in barrels per day (bbl/d), or for EQUAL_SPREAD a volume in barrels. Null: the method computes it.',
  })
  value!: number | null;

  @Field(() => String, {
    description:
      'How the flowrates were found, as a JSON object: the readings that were interpolated between, the range that was averaged, the volume and the days that it was spread over; flowrates in bbl/d.',
  })
  calculation!: string;

  @Field(() => Int, { description: 'How many readings were replaced.' })
  replaced!: number;

  @Field(() => Int, { description: 'How many substitutes were recorded.' })
  substitutes!: number;

  @Field(() => ReasonCode, { description: 'Why it was made.' })
  reasonCode!: string;

  @Field(() => String, { nullable: true, description: 'The same in words. Null: none were given.' })
  comment!: string | null;

  @Field(() => String, { description: 'Who made it: `user:NAME`, `token:NAME` or `operator`.' })
  madeBy!: string;

  @Field(() => DateTime, { description: 'When it was made: `revisedAt` of its revisions.' })
  madeAt!: Date;

  @Field(() => String, { nullable: true, description: `Who reversed it. ${REVERSED}.` })
  reversedBy!: string | null;

  @Field(() => DateTime, { nullable: true, description: `When it was reversed. ${REVERSED}.` })
  reversedAt!: Date | null;

  @Field(() => ReasonCode, { nullable: true, description: `Why it was reversed. ${REVERSED}.` })
  reversalReasonCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Why it was reversed, in words. ${REVERSED}, or none were given.`,
  })
  reversalComment!: string | null;
}

@ArgsType()
export class SubstitutePingsArgs {
  @Field(() => ID, { description: 'The id of the flow sensor.' })
  sensorId!: string;

  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, {
    description: 'The end of the range, exclusive; after `start`, and not in the future.',
  })
  end!: Date;

  @Field(() => SubstitutionMethod, {
    description: 'How the flowrates of the substitutes are found.',
  })
  method!: keyof typeof SubstitutionMethod;

  @Field(() => Float, {
    nullable: true,
    description:
      'For REPLACE a flowrate in barrels per day (bbl/d), for EQUAL_SPREAD the volume of the range in barrels; it is required there. Null: the method computes it.',
  })
  value?: number | null;

  @Field(() => ReasonCode, { description: 'Why the readings are replaced.' })
  reasonCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same in words, in at most 1000 characters. Null: none.',
  })
  comment?: string | null;
}

@ArgsType()
export class ReverseSubstitutionArgs {
  @Field(() => ID, { description: 'The id of the flow sensor.' })
  sensorId!: string;

  @Field(() => ID, { description: 'The id of the substitution.' })
  id!: string;

  @Field(() => ReasonCode, { description: 'Why it is reversed.' })
  reasonCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same in words, in at most 1000 characters. Null: none.',
  })
  comment?: string | null;
}
