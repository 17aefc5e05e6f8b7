import { Field, InputType } from 'type-graphql';
import { ImportSettings } from './import-settings.type.js';

@InputType({ description: 'A profile to save, in the place of one of the same name.' })
export class SaveImportProfileInput {
  @Field(() => String, { description: 'The name, of 1 to 100 characters.' })
  name!: string;

  @Field(() => ImportSettings, { description: 'How the files are written.' })
  settings!: ImportSettings;
}
