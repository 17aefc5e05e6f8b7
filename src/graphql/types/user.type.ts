import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { Role } from './enums.js';

const ROLE = 'What the user may do.';
const PASSWORD = 'The password, 1 to 1024 bytes in UTF-8. Only a hash of it is stored.';

@ObjectType({
  simpleResolvers: true,
  description:
    'A person of the account, who signs in with a password or at an OpenID Connect provider.',
})
export class User {
  @Field(() => ID, { description: 'The user’s integer id.' })
  id!: number;

  @Field(() => String, { description: 'The name that the user signs in with.' })
  username!: string;

  @Field(() => Role, { description: ROLE })
  role!: keyof typeof Role;

  @Field(() => DateTime, { description: 'When the user was created.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the user’s access was ended. Null: the user has access.',
  })
  disabledAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The issuer of the OpenID Connect provider at which the user signs in. Null: with a password.',
  })
  identityIssuer!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when a one-time password is asked for at sign-in. Null: none is.',
  })
  totpConfirmedAt!: Date | null;
}

@InputType({ description: 'The user to create.' })
export class CreateUserInput {
  @Field(() => String, {
    description:
      'The name that the user signs in with. It has 1 to 150 characters, without colons and control characters, and no other user of the server has it.',
  })
  username!: string;

  @Field(() => String, { description: PASSWORD })
  password!: string;

  @Field(() => Role, { nullable: true, description: `${ROLE} Null or absent: VIEWER.` })
  role?: keyof typeof Role | null;
}

@InputType({
  description:
    'Changes to a user. A field that is absent or null stays as it is. Users cannot disable themselves, take the role ADMIN from themselves or replace their own password.',
})
export class UpdateUserInput {
  @Field(() => Role, { nullable: true, description: `${ROLE} Null or absent: it stays.` })
  role?: keyof typeof Role | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the user’s access is ended, within a second and everywhere. Null or absent: it stays.',
  })
  disabled?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `${PASSWORD} The user is signed out everywhere. Null or absent: it stays.`,
  })
  password?: string | null;
}
