import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../pagination/connection.js';
import { DateTime } from './date-time.scalar.js';

const EVENT_TYPES =
  'Any of ping_received, ping_corrected and pings_deleted; ping_received unless said.';
const SENSORS = 'Of these sensors alone; null: of all.';

@ObjectType({ simpleResolvers: true, description: 'Where the account is told of its pings.' })
export class WebhookEndpoint {
  @Field(() => ID)
  id!: number;

  @Field(() => String)
  url!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => [ID], { nullable: true, description: SENSORS })
  sensorIds!: readonly number[] | null;

  @Field(() => [String])
  eventTypes!: readonly string[];

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was disabled by itself. Its events are queued all the same.',
  })
  disabledReason!: string | null;

  @Field(() => String, { nullable: true, description: 'Null without ADMIN.' })
  secret!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when the secret before the last rotation signs along in webhook-signature.',
  })
  previousSecretExpiresAt!: Date | null;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The first failure since the last success; 5 days of failures disable it.',
  })
  failingSince!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'It failed too often to be tried before this instant.',
  })
  pausedUntil!: Date | null;
}

export const WebhookEndpointConnection = connectionOf(WebhookEndpoint, 'WebhookEndpoint');

@InputType()
export class CreateWebhookEndpointInput {
  @Field(() => String, {
    description: 'https, or http where the server allows it; on the public internet.',
  })
  url!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [ID], { nullable: true, description: SENSORS })
  sensorIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: EVENT_TYPES })
  eventTypes?: string[] | null;
}

@InputType({ description: 'What is absent stays.' })
export class UpdateWebhookEndpointInput {
  @Field(() => String, { nullable: true })
  url?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [ID], { nullable: true, description: SENSORS })
  sensorIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: EVENT_TYPES })
  eventTypes?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Enabled again, it is sent at once what has been waiting for it.',
  })
  enabled?: boolean | null;
}
