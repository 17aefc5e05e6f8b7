import { Field, Float, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A message of a broker, or a reading in one, that was not recorded.',
})
export class RefusedMessage {
  @Field(() => DateTime, { description: 'When it was refused.' })
  at!: Date;

  @Field(() => String, { description: 'The topic of the message.' })
  topic!: string;

  @Field(() => String, { description: 'Why it was refused, in a sentence.' })
  reason!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The MQTT broker whose messages are recorded, and what came of them since an instance began to read them.',
})
export class Broker {
  @Field(() => String, { description: 'The address of the broker.' })
  url!: string;

  @Field(() => Boolean, { description: 'Whether there is a connection to the broker.' })
  isConnected!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why there is no connection, what the broker refused, or why nothing is recorded. Null: all is well.',
  })
  error!: string | undefined;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the last message came. Null: none came yet.',
  })
  lastMessageAt!: Date | undefined;

  @Field(() => Float, { description: 'How many readings were recorded, duplicates not counted.' })
  recorded!: number;

  @Field(() => Float, { description: 'How many messages, or readings in them, were refused.' })
  refused!: number;

  @Field(() => [RefusedMessage], {
    description: 'The last that were refused, newest first, at most 20.',
  })
  lastRefused!: readonly RefusedMessage[];
}
