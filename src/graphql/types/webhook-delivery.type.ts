import { GraphQLSafeInt } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { ConnectionArgs } from '../pagination/page-request.js';
import { Node } from './node.type.js';
import { DateTime } from './date-time.scalar.js';

export const DeliveryStatus = {
  PENDING: 'PENDING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
} as const;

registerEnumType(DeliveryStatus, {
  name: 'DeliveryStatus',
  description: 'What became of a delivery.',
  valuesConfig: {
    PENDING: { description: 'Waiting for its first attempt or a retry.' },
    SUCCEEDED: { description: 'The endpoint answered with a 2xx status in time.' },
    FAILED: { description: 'All retries failed; it will not be retried.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'One request that was sent to the endpoint, and its outcome.',
})
export class DeliveryAttempt {
  @Field(() => DateTime, { description: 'When the request was sent.' })
  attemptedAt!: Date;

  @Field(() => Int, { description: 'How long the attempt took, in milliseconds.' })
  durationMs!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The HTTP status of the response. Null: there was no response.',
  })
  status?: number | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Why the attempt failed. Null: it succeeded.',
  })
  error?: string | undefined;

  @Field(() => String, {
    description: 'The headers and the body as sent, except secrets and signatures.',
  })
  request!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The first 1024 bytes of the response. Null: there was no response.',
  })
  response?: string | undefined;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An event for one endpoint, and the attempts to deliver it.',
})
export class WebhookDelivery {
  @Field(() => ID, { description: 'The delivery’s integer id.' })
  id!: string;

  @Field(() => String, {
    description: 'The value of the header `webhook-id`, the same for every attempt.',
  })
  webhookId!: string;

  @Field(() => DeliveryStatus, { description: 'What became of the delivery.' })
  status!: keyof typeof DeliveryStatus;

  @Field(() => String, {
    description:
      '`ping_received`, `ping_corrected`, `pings_deleted`, `volume_revised`, `imbalance_detected`, `period_closed` or `statement_issued`.',
  })
  eventType!: string;

  @Field(() => Boolean, {
    description:
      'Whether it is a test, not a real event: it has the header `FC-Test` and no number, and its failure does not count against the endpoint.',
  })
  isTest!: boolean;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'The value of the header `FC-Sequence`: an endpoint’s events are numbered from 1 without gaps. Null: it has not been sent yet, or it is a test.',
  })
  sequence!: string | null;

  @Field(() => DateTime, { description: 'When the event was queued.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the next attempt is due. Null: no attempt will follow, or the endpoint is disabled.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => String, { description: 'The JSON body as it is sent.' })
  payload!: string;

  @Field(() => [DeliveryAttempt], { description: 'All attempts so far, oldest first.' })
  attempts!: readonly DeliveryAttempt[];
}

export const WebhookDeliveryConnection = connectionOf(
  WebhookDelivery,
  'WebhookDelivery',
  'webhook delivery',
);

@ObjectType({
  simpleResolvers: true,
  description: 'Events of an endpoint by their number, for a receiver that checks for gaps.',
})
export class WebhookEvents {
  @Field(() => [WebhookDelivery], { description: 'The events, by ascending number.' })
  deliveries!: readonly WebhookDelivery[];

  @Field(() => GraphQLSafeInt, { description: 'The largest number assigned so far.' })
  lastSequence!: string;

  @Field(() => GraphQLSafeInt, {
    description: 'How many queued events have no number yet: they get one when first sent.',
  })
  unnumbered!: number;
}

@InputType({ description: 'Selects the deliveries that meet every condition given.' })
export class WebhookDeliveryFilter {
  @Field(() => DeliveryStatus, {
    nullable: true,
    description: 'The delivery has this status. Null: any.',
  })
  status?: keyof typeof DeliveryStatus | null;

  @Field(() => String, {
    nullable: true,
    description: 'The delivery has this event type, such as `ping_received`. Null: any.',
  })
  eventType?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The delivery was queued at or after this instant. Null: at any time.',
  })
  since?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The delivery was queued before this instant. Null: at any time.',
  })
  until?: Date | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The event is about this flow sensor. Null: about any.',
  })
  sensorId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The delivery has this `webhook-id`. Null: any.',
  })
  webhookId?: string | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description: 'The event has this number, the value of `FC-Sequence`. Null: any.',
  })
  sequence?: number | null;
}

@ArgsType()
export class DeliveriesArgs extends ConnectionArgs {
  @Field(() => WebhookDeliveryFilter, {
    nullable: true,
    description: 'Which deliveries are listed. Null: all.',
  })
  filter?: WebhookDeliveryFilter | null;
}
