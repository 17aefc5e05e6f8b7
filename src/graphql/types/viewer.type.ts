import { Field, ObjectType } from 'type-graphql';
import { Role, Scope } from './enums.js';

@ObjectType({ simpleResolvers: true, description: 'The credential that makes the request.' })
export class Viewer {
  @Field(() => String, { nullable: true, description: 'The user’s name. Null for a token.' })
  username!: string | null;

  @Field(() => String, { nullable: true, description: 'The token’s name. Null for a user.' })
  tokenName!: string | null;

  @Field(() => String, { description: 'The name of the account that the credential belongs to.' })
  account!: string;

  @Field(() => Role, { nullable: true, description: 'The user’s role. Null for a token.' })
  role!: keyof typeof Role | null;

  @Field(() => [Scope], { description: 'What the credential may do.' })
  scopes!: (keyof typeof Scope)[];
}
