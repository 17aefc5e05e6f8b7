import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { ApiTokenResolver } from './api-token.resolver.js';
import { callDirectly } from './direct-fields.js';
import { FlowSensorFields } from './flow-sensor-fields.resolver.js';
import { FlowSensorConnectionFields, FlowSensorResolver } from './flow-sensor.resolver.js';
import { NO_PUBSUB, PingSubscriptionResolver } from './ping-subscription.resolver.js';
import { PingResolver } from './ping.resolver.js';
import { ViewerResolver } from './viewer.resolver.js';
import { WebhookDeliveryResolver } from './webhook-delivery.resolver.js';
import { WebhookEndpointResolver } from './webhook-endpoint.resolver.js';

/** The schema that the decorators describe. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      ViewerResolver,
      FlowSensorResolver,
      FlowSensorFields,
      FlowSensorConnectionFields,
      PingResolver,
      PingSubscriptionResolver,
      ApiTokenResolver,
      WebhookEndpointResolver,
      WebhookDeliveryResolver,
    ],
    // The domain holds the rules.
    validate: false,
    pubSub: NO_PUBSUB,
  });
  callDirectly(schema);
  return schema;
}
