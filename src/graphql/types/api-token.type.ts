import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { Scope } from './enums.js';

const ID_OF_TOKEN = 'The token’s integer id.';
const NAME = 'The label that people know the token by.';
const SCOPES = 'What the token may do.';
const EXPIRES_AT = 'When the token’s access ends. Null: it never expires.';

@ObjectType({
  simpleResolvers: true,
  description: 'A credential for a machine. Only a hash of its key is stored.',
})
export class ApiToken {
  @Field(() => ID, { description: ID_OF_TOKEN })
  id!: number;

  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => [Scope], { description: SCOPES })
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime, { description: 'When the token was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: EXPIRES_AT })
  expiresAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'About when the token was last used, to within a few minutes. Null: it has not been used yet.',
  })
  lastUsedAt!: Date | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A token that was just created, with its key.',
})
export class CreatedApiToken {
  @Field(() => ID, { description: ID_OF_TOKEN })
  id!: number;

  @Field(() => String, {
    description: 'The key for the header `Authorization: Token KEY`. It is shown only this once.',
  })
  key!: string;

  @Field(() => String, { description: NAME })
  name!: string;

  @Field(() => [Scope], { description: SCOPES })
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime, { nullable: true, description: EXPIRES_AT })
  expiresAt!: Date | null;
}

@InputType({ description: 'The token to create.' })
export class CreateApiTokenInput {
  @Field(() => String, { description: `${NAME} It has 1 to 150 characters.` })
  name!: string;

  @Field(() => [Scope], { description: `${SCOPES} At least one scope is required.` })
  scopes!: (keyof typeof Scope)[];

  @Field(() => DateTime, {
    nullable: true,
    description: `${EXPIRES_AT} It must be in the future.`,
  })
  expiresAt?: Date | null;
}
