import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { LOG_KINDS } from '../../domain/log/account-log.js';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { AuditEvent } from './audit-event.type.js';
import { DateTime } from './date-time.scalar.js';
import { AuditEventType, enumOf } from './enums.js';
import { PingRevision } from './ping-revision.type.js';
import { SensorConfigurationChange } from './sensor-configuration.type.js';

export const AccountLogKind = enumOf(LOG_KINDS);
registerEnumType(AccountLogKind, {
  name: 'AccountLogKind',
  description: 'What an entry of the account’s log records.',
  valuesConfig: {
    REVISION: { description: 'A late insertion, a correction or a deletion of a ping.' },
    SETTING: { description: 'A change of one setting of a flow sensor.' },
    EVENT: { description: 'An audit event; only administrators read them.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'One thing that was done in the account. One of `revision`, `setting` and `event` says what, as `kind` names it.',
})
export class AccountLogEntry {
  @Field(() => AccountLogKind, { description: 'What kind of record it is.' })
  kind!: keyof typeof AccountLogKind;

  @Field(() => ID, {
    description: 'The integer id of the record, unique among those of its kind.',
  })
  id!: string;

  @Field(() => DateTime, { description: 'When it was done.' })
  at!: Date;

  @Field(() => String, {
    description: 'Who did it: `user:NAME`, `token:NAME`, or `operator` for the command line.',
  })
  by!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the flow sensor it was done to. Null: it was done to none.',
  })
  sensorId!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The name of that sensor: the present one, or of an event the one it had then. Null: it was done to none.',
  })
  sensorName!: string | null;

  @Field(() => PingRevision, {
    nullable: true,
    description: 'The revision. Null: it is of another kind.',
  })
  revision?: PingRevision | null;

  @Field(() => SensorConfigurationChange, {
    nullable: true,
    description: 'The change of a setting. Null: it is of another kind.',
  })
  setting?: SensorConfigurationChange | null;

  @Field(() => AuditEvent, {
    nullable: true,
    description: 'The audit event. Null: it is of another kind.',
  })
  event?: AuditEvent | null;
}

export const AccountLogConnection = connectionOf(AccountLogEntry, 'AccountLog', 'entry of the log');

@InputType({ description: 'Selects the entries of the log that meet every condition given.' })
export class AccountLogFilter {
  @Field(() => [AccountLogKind], {
    nullable: true,
    description: 'The kinds of entries. Null: all that the credential may read.',
  })
  kinds?: (keyof typeof AccountLogKind)[] | null;

  @Field(() => [AuditEventType], {
    nullable: true,
    description: 'Of the audit events, only those of these types. Null: of any type.',
  })
  types?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the flow sensor it was done to. Null: any, or none.',
  })
  sensorId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who did it: a username, the name of a token, or `operator` for the command line. Null: anyone.',
  })
  person?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only what was done at or after this instant. Null: no lower bound.',
  })
  start?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only what was done before this instant. Null: no upper bound.',
  })
  end?: Date | null;
}

@ArgsType()
export class AccountLogArgs extends ConnectionArgs {
  @Field(() => AccountLogFilter, {
    nullable: true,
    description: 'Which entries are listed. Null: all that the credential may read.',
  })
  filter?: AccountLogFilter | null;
}
