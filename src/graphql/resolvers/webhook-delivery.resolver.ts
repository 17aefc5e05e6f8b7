import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { NotFoundError } from '../../domain/shared/errors.js';
import type { WebhookDelivery as DeliveryRecord } from '../../domain/webhooks/deliveries.js';
import type { WebhookEndpoint as EndpointRecord } from '../../domain/webhooks/endpoints.js';
import type { GraphQLContext } from '../execution/context.js';
import { DateTime } from '../types/date-time.scalar.js';
import { Ping } from '../types/ping.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { WebhookDelivery } from '../types/webhook-delivery.type.js';
import { WebhookEndpoint } from '../types/webhook-endpoint.type.js';

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @Query(() => WebhookDelivery, {
    nullable: true,
    description: 'One webhook delivery. Null: the account has no delivery with that id.',
  })
  webhookDelivery(
    @Arg('id', () => ID, { description: 'The id of the delivery.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord | undefined> {
    return services.webhookDeliveries.find(principal, id);
  }

  @Mutation(() => WebhookDelivery, {
    description:
      'Sends the documented body, with the newest ping of the endpoint’s first sensor, to test the endpoint. Needs the scope ADMIN.',
  })
  sendTestWebhook(
    @Arg('id', () => ID, { description: 'The id of the endpoint.' }) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord> {
    return services.webhookDeliveries.sendTest(principal, readId(id) ?? NO_ID);
  }

  @Mutation(() => WebhookDelivery, {
    description:
      'Sends a delivery again, with the same `webhook-id` and in any status. Needs the scope ADMIN.',
  })
  redeliverWebhook(
    @Arg('deliveryId', () => ID, { description: 'The id of the delivery.' }) deliveryId: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord> {
    return services.webhookDeliveries.redeliver(principal, deliveryId);
  }

  @Mutation(() => Int, {
    description:
      'Sends an endpoint’s FAILED deliveries again and returns their number. Needs the scope ADMIN.',
  })
  redeliverFailedWebhooks(
    @Arg('endpointId', () => ID, { description: 'The id of the endpoint.' }) endpointId: string,
    @Arg('since', () => DateTime, {
      description: 'Only deliveries that were queued at or after this instant.',
    })
    since: Date,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<number> {
    const id = readId(endpointId) ?? NO_ID;
    return services.webhookDeliveries.redeliverFailed(principal, id, since);
  }

  @Mutation(() => Int, {
    description:
      'Tries all PENDING deliveries of an endpoint now and returns their number. Needs the scope ADMIN.',
  })
  sendPendingWebhooks(
    @Arg('endpointId', () => ID, { description: 'The id of the endpoint.' }) endpointId: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<number> {
    return services.webhookDeliveries.sendPending(principal, readId(endpointId) ?? NO_ID);
  }

  @FieldResolver(() => Ping, {
    nullable: true,
    description:
      'The ping that the event is about. Null: the event is about a range of pings, or the test had none.',
  })
  async ping(
    @Root() { ping }: DeliveryRecord,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<Ping | null> {
    if (!ping) return null;
    const [sensor, recording] = await Promise.all([
      sensorLoaders.sensorOf(ping),
      sensorLoaders.recording(ping),
    ]);
    return { ...ping, sensor, ...recording };
  }

  @FieldResolver(() => WebhookEndpoint, {
    description: 'The endpoint that the event is sent to.',
  })
  async endpoint(
    @Root() { endpointId }: DeliveryRecord,
    @Ctx() { webhookLoaders }: GraphQLContext,
  ): Promise<EndpointRecord> {
    const endpoint = await webhookLoaders.endpoint(endpointId);
    if (!endpoint) throw new NotFoundError();
    return endpoint;
  }
}
