import { Field, InputType, ObjectType } from 'type-graphql';
import { Role, Scope } from './enums.js';
import { FlowrateUnit, VolumeUnit } from './units.js';

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

@InputType({
  description: 'Changes to the user who asks. A field that is absent or null stays as it is.',
})
export class UpdateViewerInput {
  @Field(() => VolumeUnit, {
    nullable: true,
    description: 'The unit in which the pages show volumes. Null or absent: it stays.',
  })
  volumeUnit?: string | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: 'The unit in which the pages show flowrates. Null or absent: it stays.',
  })
  flowrateUnit?: string | null;
}
