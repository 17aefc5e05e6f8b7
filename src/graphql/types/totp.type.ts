import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The one-time passwords (TOTP, RFC 6238) of the user who asks.',
})
export class Totp {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when a code is asked for at sign-in. Null: none is.',
  })
  confirmedAt!: Date | null;

  @Field(() => Int, { description: 'How many recovery codes have not been used.' })
  recoveryCodesLeft!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A secret for an authenticator app. It is shown once.',
})
export class TotpEnrolment {
  @Field(() => String, { description: 'The secret in base32, to type in.' })
  secret!: string;

  @Field(() => String, { description: 'The same as an `otpauth:` URI, to show as a QR code.' })
  uri!: string;
}

@InputType({ description: 'Who removes their one-time passwords.' })
export class RemoveTotpInput {
  @Field(() => String, { description: 'The password that the user has now.' })
  currentPassword!: string;

  @Field(() => String, { description: 'A code of the authenticator app, or a recovery code.' })
  code!: string;
}
