import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { Node } from './node.type.js';
import { DateTime } from './date-time.scalar.js';

const URL_RULE =
  'An https URL on the public internet (http and private addresses only where the server allows them), of at most 2048 characters.';
const DESCRIPTION = 'A note for people, at most 500 characters. Null: none.';
const EVENT_TYPES =
  'The event types to send: any of `ping_received`, `ping_corrected`, `pings_deleted`, `volume_revised`, `imbalance_detected`, `period_closed` and `statement_issued`. Null or absent: `ping_received`.';
const SENSORS =
  'The ids of the sensors whose events are sent, at most 10 000. Null: events of all sensors.';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A URL that events of the account are sent to.',
})
export class WebhookEndpoint {
  @Field(() => ID, { description: 'The endpoint’s integer id.' })
  id!: number;

  @Field(() => String, { description: 'The URL that events are POSTed to.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'A note for people. Null: none.' })
  description!: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The ids of the sensors whose events are sent. Null: events of all sensors.',
  })
  sensorIds!: readonly number[] | null;

  @Field(() => [String], {
    description:
      'The event types that are sent: any of `ping_received`, `ping_corrected`, `pings_deleted`, `volume_revised`, `imbalance_detected`, `period_closed` and `statement_issued`.',
  })
  eventTypes!: readonly string[];

  @Field(() => Boolean, { description: 'Whether events are sent.' })
  enabled!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the server disabled the endpoint; its events are still queued. Null: it is enabled, or an admin disabled it.',
  })
  disabledReason!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The secret: the value of `FC-Signature` and the key of `webhook-signature`. Null without the scope ADMIN.',
  })
  secret!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Until when the previous secret is also used to sign `webhook-signature`, after a rotation. Null: it is not used.',
  })
  previousSecretExpiresAt!: Date | null;

  @Field(() => DateTime, { description: 'When the endpoint was created.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The first failure since the last success; after 5 days of failures the endpoint is disabled. Null: the last attempt succeeded.',
  })
  failingSince!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Until when sending pauses because of repeated failures. Null: sending is not paused.',
  })
  pausedUntil!: Date | null;
}

export const WebhookEndpointConnection = connectionOf(
  WebhookEndpoint,
  'WebhookEndpoint',
  'webhook endpoint',
);

@InputType({ description: 'The webhook endpoint to create.' })
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: URL_RULE })
  url!: string;

  @Field(() => String, { nullable: true, description: DESCRIPTION })
  description?: string | null;

  @Field(() => [ID], { nullable: true, description: SENSORS })
  sensorIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: EVENT_TYPES })
  eventTypes?: string[] | null;
}

@InputType({
  description: 'Changes to a webhook endpoint. A field that is absent stays as it is.',
})
export class UpdateWebhookEndpointInput {
  @Field(() => String, { nullable: true, description: `${URL_RULE} It cannot be null.` })
  url?: string | null;

  @Field(() => String, { nullable: true, description: DESCRIPTION })
  description?: string | null;

  @Field(() => [ID], { nullable: true, description: SENSORS })
  sensorIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: EVENT_TYPES })
  eventTypes?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether events are sent. An endpoint that is enabled again is sent at once what is queued for it. It cannot be null.',
  })
  enabled?: boolean | null;
}
