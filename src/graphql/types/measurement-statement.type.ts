import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What a measurement statement says of one sensor.',
})
export class StatementSensor {
  @Field(() => ID, { description: 'The sensor’s integer id.' })
  id!: number;

  @Field(() => String, {
    description: 'The name that the sensor had when the statement was issued.',
  })
  name!: string;

  @Field(() => Float, {
    description: 'The indicated volume of the period in barrels (bbl), rounded to 6 decimals.',
  })
  volume!: number;

  @Field(() => String, {
    description: 'The SHA-256 of what the statement says of the sensor, in hexadecimal.',
  })
  hash!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A signed statement of what flowed through sensors in a period, as it was known when it was issued. Its file has the readings, their revisions, the settings, and the volumes of days and hours. Volumes are indicated volumes, neither gross nor net standard volumes. It never changes.',
})
export class MeasurementStatement {
  @Field(() => Int, {
    description: 'The number: from 1 in each account, without gaps.',
  })
  number!: number;

  @Field(() => Int, {
    description: 'The version: 1, or one more than that of the statement that it supersedes.',
  })
  version!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The number of the statement that it replaces. Null: it replaces none.',
  })
  supersedes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The number of the statement that replaced it. Null: it is in force.',
  })
  supersededBy!: number | null;

  @Field(() => DateTime, { description: 'The start of the period, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the period, exclusive.' })
  end!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the calendar of its days. Null: they are days of UTC.',
  })
  calendar!: string | null;

  @Field(() => String, { description: 'The time zone of its days, as an IANA name.' })
  timeZone!: string;

  @Field(() => DateTime, {
    description: 'When it was issued. It is of the readings as they were stored at this instant.',
  })
  issuedAt!: Date;

  @Field(() => String, {
    description: 'Who issued it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  issuedBy!: string;

  @Field(() => String, { nullable: true, description: 'Why it was issued. Null: none was given.' })
  reason!: string | null;

  @Field(() => Float, {
    description: 'The indicated volume of all its sensors in barrels (bbl), rounded to 6 decimals.',
  })
  volume!: number;

  @Field(() => [StatementSensor], { description: 'Its sensors, at most 200.' })
  sensors!: readonly StatementSensor[];

  @Field(() => String, {
    description: 'The SHA-256 of the statement in its canonical form (RFC 8785), in hexadecimal.',
  })
  hash!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The hash of the account’s statement before it. Null: it is the first.',
  })
  previousHash!: string | null;

  @Field(() => String, {
    description: 'The Ed25519 signature of the statement in its canonical form, in base64.',
  })
  signature!: string;

  @Field(() => String, {
    description: 'The SHA-256 of the public key by which it was signed, in hexadecimal.',
  })
  keyFingerprint!: string;
}

export const MeasurementStatementConnection = connectionOf(
  MeasurementStatement,
  'MeasurementStatement',
  'measurement statement',
);

@ArgsType()
export class MeasurementStatementsArgs extends ConnectionArgs {}

@InputType({ description: 'The measurement statement to issue.' })
export class IssueStatementInput {
  @Field(() => [ID], { description: 'The ids of its sensors, 1 to 200.' })
  sensorIds!: string[];

  @Field(() => DateTime, { description: 'The start of the period, inclusive.' })
  start!: Date;

  @Field(() => DateTime, {
    description: 'The end of the period, exclusive: not in the future, and at most 366 days later.',
  })
  end!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of the calendar of its days, whose method applies. Null: days of UTC, and each sensor’s own method.',
  })
  calendar?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the statement that it replaces, which nothing else has replaced. Null: it replaces none.',
  })
  supersedes?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it is issued, at most 1000 characters. Required where it replaces another one. Null: no reason.',
  })
  reason?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'The public key by which statements are signed.',
})
export class StatementKey {
  @Field(() => String, { description: 'The Ed25519 public key, in PEM.' })
  publicKey!: string;

  @Field(() => String, {
    description: 'The SHA-256 of the key (DER, SubjectPublicKeyInfo), in hexadecimal.',
  })
  fingerprint!: string;
}
