import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What an imported file has of one sensor.',
})
export class ImportedSensor {
  @Field(() => ID, { description: 'The id of the flow sensor.' })
  sensorId!: number;

  @Field(() => String, { description: 'The name of the flow sensor.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether the import created the sensor.' })
  isCreated!: boolean;

  @Field(() => Int, { description: 'How many readings the file has.' })
  readings!: number;

  @Field(() => Int, { description: 'How many of them were new.' })
  inserted!: number;

  @Field(() => Int, { description: 'How many of them replaced stored ones.' })
  corrected!: number;

  @Field(() => DateTime, { description: 'The instant of its first reading.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The instant of its last reading.' })
  end!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'A file of readings that was loaded.' })
export class PingImport {
  @Field(() => ID, { description: 'The id.' })
  id!: number;

  @Field(() => DateTime, { description: 'When it was loaded: the `recordedAt` of its readings.' })
  importedAt!: Date;

  @Field(() => String, {
    description: 'Who loaded it, such as `user:ada`, `token:plc-7` or `operator`.',
  })
  importedBy!: string;

  @Field(() => String, { nullable: true, description: 'The file’s name. Null: it was not said.' })
  fileName!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The SHA-256 of the file, in hexadecimal digits. Null: no file was loaded, but text.',
  })
  sha256!: string | null;

  @Field(() => String, {
    description: 'How the file was read and what was done with it, as a JSON object.',
  })
  options!: string;

  @Field(() => Int, { description: 'How many rows the file has after its header.' })
  rows!: number;

  @Field(() => Int, { description: 'How many readings were read.' })
  readings!: number;

  @Field(() => Int, { description: 'How many of them were new.' })
  inserted!: number;

  @Field(() => Int, { description: 'How many of them were already stored.' })
  duplicates!: number;

  @Field(() => Int, { description: 'How many of them replaced stored ones.' })
  corrected!: number;

  @Field(() => Int, { description: 'How many sensors were created.' })
  sensorsCreated!: number;

  @Field(() => [ImportedSensor], {
    description: 'Its sensors by id, at most 100.',
    complexity: ({ childComplexity }) => 5 * childComplexity,
  })
  sensors!: ImportedSensor[];

  @Field(() => DateTime, { nullable: true, description: 'When it was undone. Null: it was not.' })
  undoneAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who undid it. Null: nobody.' })
  undoneBy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was undone, as a reason code. Null: none was given.',
  })
  undoneReasonCode!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was undone, in words. Null: none were given.',
  })
  undoneComment!: string | null;
}
