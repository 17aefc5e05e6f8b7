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
  @Query(() => WebhookDelivery, { nullable: true, description: 'Null where there is none.' })
  webhookDelivery(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord | undefined> {
    return services.webhookDeliveries.find(principal, id);
  }

  @Mutation(() => WebhookDelivery, {
    description:
      'Sends the documented body, of the newest ping of the endpoint’s first sensor. Needs ADMIN.',
  })
  sendTestWebhook(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord> {
    return services.webhookDeliveries.sendTest(principal, readId(id) ?? NO_ID);
  }

  @Mutation(() => WebhookDelivery, {
    description: 'Makes a delivery once more, with the same webhook-id. Needs ADMIN.',
  })
  redeliverWebhook(
    @Arg('deliveryId', () => ID) deliveryId: string,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<DeliveryRecord> {
    return services.webhookDeliveries.redeliver(principal, deliveryId);
  }

  @Mutation(() => Int, {
    description:
      'Makes all of an endpoint’s deliveries once more that have FAILED and were queued since an instant, and says how many. Needs ADMIN.',
  })
  redeliverFailedWebhooks(
    @Arg('endpointId', () => ID) endpointId: string,
    @Arg('since', () => DateTime) since: Date,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<number> {
    const id = readId(endpointId) ?? NO_ID;
    return services.webhookDeliveries.redeliverFailed(principal, id, since);
  }

  @FieldResolver(() => Ping, { nullable: true, description: 'The reading that it tells of.' })
  async ping(
    @Root() { ping }: DeliveryRecord,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<Ping | null> {
    return ping && { ...ping, sensor: await telemetry.sensorOf(ping) };
  }

  @FieldResolver(() => WebhookEndpoint)
  async endpoint(
    @Root() { endpointId }: DeliveryRecord,
    @Ctx() { webhookLog }: GraphQLContext,
  ): Promise<EndpointRecord> {
    const endpoint = await webhookLog.endpoint(endpointId);
    if (!endpoint) throw new NotFoundError();
    return endpoint;
  }
}
