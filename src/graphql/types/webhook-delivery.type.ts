import { GraphQLSafeInt } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';
import { ConnectionArgs } from '../pagination/page-request.js';

export const DeliveryStatus = {
  PENDING: 'PENDING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
} as const;

registerEnumType(DeliveryStatus, {
  name: 'DeliveryStatus',
  valuesConfig: {
    PENDING: { description: 'Is to be tried, for the first time or again.' },
    FAILED: { description: 'Was tried as often as it is.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'What was sent once, and what came of it.' })
export class DeliveryAttempt {
  @Field(() => DateTime)
  attemptedAt!: Date;

  @Field(() => Int)
  durationMs!: number;

  @Field(() => Int, { nullable: true, description: 'The HTTP status; null where none came.' })
  status?: number | undefined;

  @Field(() => String, { nullable: true, description: 'Null where it succeeded.' })
  error?: string | undefined;

  @Field(() => String, {
    description: 'Headers and body, as sent but for what proves the sender.',
  })
  request!: string;

  @Field(() => String, { nullable: true, description: 'The first 1024 bytes of the answer.' })
  response?: string | undefined;
}

@ObjectType({
  simpleResolvers: true,
  description: 'An event for one endpoint, and what became of it.',
})
export class WebhookDelivery {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'The header webhook-id, the same at each attempt.' })
  webhookId!: string;

  @Field(() => DeliveryStatus)
  status!: keyof typeof DeliveryStatus;

  @Field(() => String, { description: 'ping_received, ping_corrected or pings_deleted.' })
  eventType!: string;

  @Field(() => Boolean, { description: 'Whether it is a test, not an event.' })
  isTest!: boolean;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'The header FC-Sequence: the endpoint’s events are numbered from 1 without gaps. Null before it is first sent.',
  })
  sequence!: string | null;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Null where it is over, or the endpoint is disabled.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => String, { description: 'The body, as it is sent.' })
  payload!: string;

  @Field(() => [DeliveryAttempt], { description: 'Oldest first.' })
  attempts!: readonly DeliveryAttempt[];
}

export const WebhookDeliveryConnection = connectionOf(WebhookDelivery, 'WebhookDelivery');

@ObjectType({ simpleResolvers: true, description: 'Events by their number.' })
export class WebhookEvents {
  @Field(() => [WebhookDelivery])
  deliveries!: readonly WebhookDelivery[];

  @Field(() => GraphQLSafeInt, { description: 'The last number that was given.' })
  lastSequence!: string;

  @Field(() => GraphQLSafeInt, {
    description: 'How many events wait for their number, which they get when they are first sent.',
  })
  unnumbered!: number;
}

@InputType({ description: 'Deliveries that meet all that is given.' })
export class WebhookDeliveryFilter {
  @Field(() => DeliveryStatus, { nullable: true })
  status?: keyof typeof DeliveryStatus | null;

  @Field(() => String, { nullable: true })
  eventType?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Queued at this instant or after it.' })
  since?: Date | null;
}

@ArgsType()
export class DeliveriesArgs extends ConnectionArgs {
  @Field(() => WebhookDeliveryFilter, { nullable: true })
  filter?: WebhookDeliveryFilter | null;
}
