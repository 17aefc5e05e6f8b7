import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { FlowrateUnit } from './units.js';

// Each is the same when it is saved and when it is read.

const IMPORT_COLUMNS = 'Names of columns in the header of a file, of at most 2000 characters.';

@ObjectType({ simpleResolvers: true, description: IMPORT_COLUMNS })
@InputType('ImportColumnsInput', { description: IMPORT_COLUMNS })
export class ImportColumns {
  @Field(() => String, {
    nullable: true,
    description: 'The column of the sensor’s id. Null: the usual name.',
  })
  sensorId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The column of the sensor’s name. Null: the usual name.',
  })
  sensorName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The column of the datetime; two joined with `+` are a date and a time. Null: the usual name.',
  })
  datetime?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The column of the flowrate, in bbl/d unless the settings have a unit; of a wide table, those joined with `+`. Null: the usual name.',
  })
  flowrate?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The column of the latitude of new sensors, in degrees. Null: the usual name.',
  })
  latitude?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The column of the longitude of new sensors, in degrees. Null: the usual name.',
  })
  longitude?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The column of the pipe diameter of new sensors, in inches. Null: the usual name.',
  })
  pipeDiameter?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The column of the quality of readings: GOOD, UNCERTAIN or BAD, or a severity in OPC (192, 64, 0). Null: the usual name.',
  })
  quality?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The column of the meters’ own totalizers, in barrels. Null: the usual name, if the flowrates are in barrels.',
  })
  totalizer?: string | null;
}

const IMPORT_CONDITION = 'A value that a column must have for a row to be read.';

@ObjectType({ simpleResolvers: true, description: IMPORT_CONDITION })
@InputType('ImportConditionInput', { description: IMPORT_CONDITION })
export class ImportCondition {
  @Field(() => String, { description: 'The name of the column, in at most 200 characters.' })
  column!: string;

  @Field(() => String, { description: 'The value, in at most 200 characters.' })
  value!: string;
}

const IMPORT_SETTINGS =
  'How a kind of file is written. What is null is recognised where that is certain.';

@ObjectType({ simpleResolvers: true, description: IMPORT_SETTINGS })
@InputType('ImportSettingsInput', { description: IMPORT_SETTINGS })
export class ImportSettings {
  @Field(() => ImportColumns, {
    nullable: true,
    description:
      'What the columns of the file are called. Null: as Flowgate calls them, or as they are recognised.',
  })
  columns?: ImportColumns | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether each column but the datetime has the flowrates of one sensor. Null: as it is recognised.',
  })
  wide?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The one character between the fields of a line. Null: as it is recognised.',
  })
  delimiter?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The decimal separator of flowrates, `.` or `,`; the other one separates thousands. Null: as it is recognised.',
  })
  decimal?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The encoding of the text, such as `windows-1252`. Null: UTF-8, or as a byte order mark says.',
  })
  encoding?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many lines before the header are not read, 0 to 999999. Null: none.',
  })
  skipLines?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The IANA name of the zone of datetimes without an offset. Null: UTC.',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The form of datetimes, such as `DD.MM.YYYY HH:mm`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, `excel` or `excel-1904`. Null: ISO 8601, or as it is recognised.',
  })
  dateFormat?: string | null;

  @Field(() => [ImportCondition], {
    nullable: true,
    description:
      'A row is read if it has, for each column named here, one of the values; at most 100. Null: every row.',
  })
  where?: ImportCondition[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Texts in place of a flowrate whose rows are left out, at most 100. Null: none.',
  })
  nullValues?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether rows without a flowrate are left out. Null: they are refused, except in wide tables.',
  })
  skipEmpty?: boolean | null;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: 'The unit of the file’s flowrates. Null: barrels a day.',
  })
  unit?: string | null;
}
