import { Field, InputType, ObjectType } from 'type-graphql';
import { ReasonCode } from './reason-code.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A reason for which the history of a sensor’s readings may be changed.',
})
export class ReasonCodeEntry {
  @Field(() => ReasonCode, { description: 'The code, as revisions show it.' })
  code!: string;

  @Field(() => String, { description: 'What the code means.' })
  description!: string;

  @Field(() => Boolean, {
    description: 'Whether the account has added it to the codes that every account has.',
  })
  isCustom!: boolean;
}

@InputType({ description: 'A reason code to add to those of the account.' })
export class AddReasonCodeInput {
  @Field(() => String, {
    description:
      'The code: 1 to 64 letters A to Z, digits and underscores, of which the first is a letter.',
  })
  code!: string;

  @Field(() => String, { description: 'What the code means, in at most 200 characters.' })
  description!: string;
}
