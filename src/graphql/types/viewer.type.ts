import { Field, ObjectType } from 'type-graphql';
import { Role, Scope } from './enums.js';

@ObjectType({ simpleResolvers: true, description: 'Who asks.' })
export class Viewer {
  @Field(() => String, { nullable: true, description: 'Of a user.' })
  username!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a token.' })
  tokenName!: string | null;

  @Field(() => String)
  account!: string;

  @Field(() => Role, { nullable: true, description: 'Of a user.' })
  role!: keyof typeof Role | null;

  @Field(() => [Scope])
  scopes!: (keyof typeof Scope)[];
}
