import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { DateTime } from './date-time.scalar.js';
import { AuditActorType, AuditEventType, AuditSubjectType } from './enums.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Who did what, to what, when and from where. It never changes.',
})
export class AuditEvent {
  @Field(() => ID, { description: 'The event’s integer id. A later event has a larger one.' })
  id!: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date;

  @Field(() => AuditEventType, { description: 'What was done.' })
  type!: string;

  @Field(() => AuditActorType, { description: 'What kind of actor did it.' })
  actorType!: string;

  @Field(() => String, {
    description: 'The username, the token’s name, or the operating-system user of a command.',
  })
  actorName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The IP address of the client. Null: it was done by a command.',
  })
  address!: string | null;

  @Field(() => AuditSubjectType, { description: 'What kind of object it was done to.' })
  subjectType!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the object, which may be deleted since. Null: it has none.',
  })
  subjectId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name that the object had then. Null: it had none.',
  })
  subjectName!: string | null;

  @Field(() => String, {
    description: 'What else is known of it, as a JSON object. It never contains a secret.',
  })
  details!: string;
}

export const AuditEventConnection = connectionOf(AuditEvent, 'AuditEvent', 'audit event');

@InputType({ description: 'Selects the audit events that meet every condition given.' })
export class AuditEventFilter {
  @Field(() => String, { nullable: true, description: 'The name of the actor. Null: any.' })
  actor?: string | null;

  @Field(() => [AuditEventType], {
    nullable: true,
    description: 'The event has one of these types. Null: any type.',
  })
  types?: string[] | null;

  @Field(() => AuditSubjectType, {
    nullable: true,
    description: 'The kind of object that it was done to. Null: any.',
  })
  subjectType?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the object that it was done to. Null: any.',
  })
  subjectId?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only events at or after this instant. Null: no lower bound.',
  })
  start?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only events before this instant. Null: no upper bound.',
  })
  end?: Date | null;
}

@ArgsType()
export class AuditEventsArgs extends ConnectionArgs {
  @Field(() => AuditEventFilter, {
    nullable: true,
    description: 'Which events are listed. Null: all.',
  })
  filter?: AuditEventFilter | null;
}
