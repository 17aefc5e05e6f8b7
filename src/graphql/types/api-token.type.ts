import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { Scope } from './enums.js';

@ObjectType({ simpleResolvers: true, description: 'A machine’s credential; its key is not kept.' })
export class ApiToken {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  name!: string;

  @Field(() => [Scope])
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Null: never.' })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  lastUsedAt!: Date | null;
}

@ObjectType({ simpleResolvers: true })
export class CreatedApiToken {
  @Field(() => ID)
  id!: number;

  @Field(() => String, { description: 'Shown this once.' })
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [Scope])
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime, { nullable: true, description: 'Null: never.' })
  expiresAt!: Date | null;
}

@InputType()
export class CreateApiTokenInput {
  @Field(() => String)
  name!: string;

  @Field(() => [Scope])
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime, { nullable: true, description: 'In the future; null: never.' })
  expiresAt?: Date | null;
}
