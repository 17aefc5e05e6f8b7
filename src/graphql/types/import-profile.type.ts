import { Field, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { ImportSettings } from './import-settings.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'How a kind of file is written that the account imports, saved under a name.',
})
export class ImportProfile {
  @Field(() => String, { description: 'The name, unique within the account.' })
  name!: string;

  @Field(() => ImportSettings, { description: 'How the files are written.' })
  settings!: ImportSettings;

  @Field(() => DateTime, { description: 'When it was saved.' })
  savedAt!: Date;

  @Field(() => String, {
    description: 'Who saved it, such as `user:ada`, `token:plc-7` or `operator`.',
  })
  savedBy!: string;
}
