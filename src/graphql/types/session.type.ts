import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A browser that the user is signed in with.',
})
export class Session {
  @Field(() => ID, { description: 'The session’s integer id.' })
  id!: number;

  @Field(() => DateTime, { description: 'When the user signed in.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When the session was last used, to within a minute.' })
  lastUsedAt!: Date;

  @Field(() => DateTime, { description: 'When the session ends unless it is used again.' })
  endsAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address that the user signed in from. Null: the session began before it was kept.',
  })
  address!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the browser said of itself when the user signed in, its User-Agent in at most 500 characters. Null: nothing, or the session began before it was kept.',
  })
  userAgent!: string | null;

  @Field(() => Boolean, { description: 'Whether this request belongs to the session.' })
  isCurrent!: boolean;
}

@InputType({ description: 'Another password for the user who asks.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password that the user has now.' })
  currentPassword!: string;

  @Field(() => String, {
    description: 'The new password, 1 to 1024 bytes in UTF-8. Only a hash of it is stored.',
  })
  newPassword!: string;
}
