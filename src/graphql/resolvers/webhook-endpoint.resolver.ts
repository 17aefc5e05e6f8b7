import { GraphQLSafeInt } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { InvalidInputError, NotFoundError } from '../../domain/shared/errors.js';
import type { WebhookEndpoint as EndpointRecord } from '../../domain/webhooks/endpoints.js';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost } from '../execution/field-costs.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
import { NO_ID, readId } from '../types/record-id.js';
import {
  DeliveriesArgs,
  WebhookDeliveryConnection,
  type WebhookDeliveryFilter,
  WebhookEvents,
} from '../types/webhook-delivery.type.js';
import {
  CreateWebhookEndpointInput,
  UpdateWebhookEndpointInput,
  WebhookEndpoint,
  WebhookEndpointConnection,
} from '../types/webhook-endpoint.type.js';
import {
  DeliveryNodeList,
  deliveryPosition,
  EndpointNodeList,
  endpointPosition,
} from '../pagination/webhook-node-lists.js';

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Query(() => WebhookEndpoint, { nullable: true, description: 'Null where there is none.' })
  async webhookEndpoint(
    @Arg('id', () => ID) id: string,
    @Ctx() { webhookLog }: GraphQLContext,
  ): Promise<EndpointRecord | undefined> {
    return webhookLog.endpoint(readId(id) ?? NO_ID);
  }

  @Query(() => WebhookEndpointConnection, { complexity: pageCost })
  webhookEndpoints(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, endpointPosition);
    return new WebhookEndpointConnection(new EndpointNodeList(context, request));
  }

  @Mutation(() => WebhookEndpoint, { description: 'Needs ADMIN.' })
  createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput) input: CreateWebhookEndpointInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<EndpointRecord> {
    const { sensorIds, ...rest } = input;
    return services.webhooks.create(principal, { ...rest, ...readSensorIds(sensorIds) });
  }

  @Mutation(() => WebhookEndpoint, { description: 'Needs ADMIN.' })
  updateWebhookEndpoint(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateWebhookEndpointInput) input: UpdateWebhookEndpointInput,
    @Ctx() { principal, services, webhookLog }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLog.forget();
    const { sensorIds, ...rest } = input;
    const change = { ...rest, ...readSensorIds(sensorIds) };
    return services.webhooks.update(principal, readId(id) ?? NO_ID, change);
  }

  @Mutation(() => ID, { description: 'Its deliveries are gone too. Needs ADMIN.' })
  async deleteWebhookEndpoint(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services, webhookLog }: GraphQLContext,
  ): Promise<string> {
    webhookLog.forget();
    await services.webhooks.delete(principal, readId(id) ?? NO_ID);
    return id;
  }

  @Mutation(() => WebhookEndpoint, {
    description:
      'FC-Signature is the new secret at once; the one before signs along in webhook-signature for 24 h. Needs ADMIN.',
  })
  rotateWebhookSecret(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services, webhookLog }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLog.forget();
    return services.webhooks.rotateSecret(principal, readId(id) ?? NO_ID);
  }

  @Mutation(() => WebhookEndpoint, {
    description: 'The secret before the last rotation no longer signs along. Needs ADMIN.',
  })
  revokePreviousWebhookSecret(
    @Arg('id', () => ID) id: string,
    @Ctx() { principal, services, webhookLog }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLog.forget();
    return services.webhooks.revokePreviousSecret(principal, readId(id) ?? NO_ID);
  }

  @FieldResolver(() => GraphQLSafeInt, {
    description: 'The number of the last event that was sent.',
  })
  lastSequence(@Root() { lastSequence }: EndpointRecord): number {
    return Number(lastSequence);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'Newest first.',
    complexity: pageCost,
  })
  deliveries(
    @Root() { id }: EndpointRecord,
    @Args(() => DeliveriesArgs) { filter, ...page }: DeliveriesArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, deliveryPosition);
    return new WebhookDeliveryConnection(
      new DeliveryNodeList(context, id, request, readFilter(filter)),
    );
  }

  @FieldResolver(() => WebhookEvents, {
    description:
      'Events numbered after `afterSequence`, in order: with them a receiver can prove that it has all.',
    complexity: pageCost,
  })
  async events(
    @Root() { id }: EndpointRecord,
    @Arg('afterSequence', () => GraphQLSafeInt) afterSequence: number,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Ctx() { webhookLog }: GraphQLContext,
  ): Promise<WebhookEvents> {
    const { take } = pageRequest({ first }, () => undefined);
    const events = await webhookLog.eventsAfter(id, afterSequence, take);
    if (!events) throw new NotFoundError();
    return events;
  }
}

function readSensorIds(ids: string[] | null | undefined): { sensorIds?: number[] | null } {
  if (ids === undefined) return {};
  const sensorIds = ids?.map((id) => {
    const read = readId(id);
    if (read !== undefined) return read;
    throw InvalidInputError.of('sensorIds', `There is no flow sensor ${id}.`);
  });
  return { sensorIds: sensorIds ?? null };
}

function readFilter(filter: WebhookDeliveryFilter | null | undefined) {
  const { status, eventType, since } = filter ?? {};
  return {
    ...(status && { status }),
    ...(eventType && { eventType }),
    ...(since && { since }),
  };
}
