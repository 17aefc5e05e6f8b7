import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { Role } from './enums.js';

const ID_OF_INVITATION = 'The invitation’s integer id.';
const USERNAME =
  'The username that is proposed to the invited person, who may choose another one. Null: none.';
const ROLE = 'What the user may do.';
const EXPIRES_AT = 'Until when the invitation can be accepted.';

@ObjectType({
  simpleResolvers: true,
  description:
    'An invitation to become a user of the account, by a link that can be used once. Only a hash of its code is stored.',
})
export class Invitation {
  @Field(() => ID, { description: ID_OF_INVITATION })
  id!: number;

  @Field(() => String, { nullable: true, description: USERNAME })
  username!: string | null;

  @Field(() => Role, { description: ROLE })
  role!: keyof typeof Role;

  @Field(() => String, {
    description:
      'Who invited: a username, a token’s name, or the operating-system user of a command.',
  })
  invitedBy!: string;

  @Field(() => DateTime, { description: 'When the invitation was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: EXPIRES_AT })
  expiresAt!: Date;
}

@ObjectType({
  simpleResolvers: true,
  description: 'An invitation that was just created, with its code.',
})
export class CreatedInvitation {
  @Field(() => ID, { description: ID_OF_INVITATION })
  id!: number;

  @Field(() => String, {
    description:
      'The code of the link `/app/invitation#CODE` of this server. It is shown only this once.',
  })
  code!: string;

  @Field(() => String, { nullable: true, description: USERNAME })
  username!: string | null;

  @Field(() => Role, { description: ROLE })
  role!: keyof typeof Role;

  @Field(() => DateTime, { description: EXPIRES_AT })
  expiresAt!: Date;
}

@InputType({ description: 'The invitation to create.' })
export class CreateInvitationInput {
  @Field(() => Role, { nullable: true, description: `${ROLE} Null or absent: VIEWER.` })
  role?: keyof typeof Role | null;

  @Field(() => String, {
    nullable: true,
    description: `${USERNAME} It has 1 to 150 characters, without colons and control characters.`,
  })
  username?: string | null;

  @Field(() => Int, { description: 'For how many days it can be accepted, 1 to 30.' })
  days!: number;
}
