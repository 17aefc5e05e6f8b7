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

const ID_OF_ENDPOINT = 'The id of the endpoint.';

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Query(() => WebhookEndpoint, {
    nullable: true,
    description: 'One webhook endpoint. Null: the account has no endpoint with that id.',
  })
  async webhookEndpoint(
    @Arg('id', () => ID, { description: ID_OF_ENDPOINT }) id: string,
    @Ctx() { webhookLoaders }: GraphQLContext,
  ): Promise<EndpointRecord | undefined> {
    return webhookLoaders.endpoint(readId(id) ?? NO_ID);
  }

  @Query(() => WebhookEndpointConnection, {
    description: 'The account’s webhook endpoints by id, page by page.',
    complexity: pageCost,
  })
  webhookEndpoints(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, endpointPosition);
    return new WebhookEndpointConnection(new EndpointNodeList(context, request));
  }

  @Mutation(() => WebhookEndpoint, {
    description: 'Creates a webhook endpoint with a new secret. Needs the scope ADMIN.',
  })
  createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput, { description: 'The endpoint to create.' })
    input: CreateWebhookEndpointInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<EndpointRecord> {
    const { sensorIds, ...rest } = input;
    return services.webhooks.create(principal, { ...rest, ...readSensorIds(sensorIds) });
  }

  @Mutation(() => WebhookEndpoint, {
    description: 'Changes a webhook endpoint. Needs the scope ADMIN.',
  })
  updateWebhookEndpoint(
    @Arg('id', () => ID, { description: ID_OF_ENDPOINT }) id: string,
    @Arg('input', () => UpdateWebhookEndpointInput, { description: 'What to change.' })
    input: UpdateWebhookEndpointInput,
    @Ctx() { principal, services, webhookLoaders }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLoaders.forget();
    const { sensorIds, ...rest } = input;
    const change = { ...rest, ...readSensorIds(sensorIds) };
    return services.webhooks.update(principal, readId(id) ?? NO_ID, change);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a webhook endpoint with all its deliveries, and returns its id. Needs the scope ADMIN.',
  })
  async deleteWebhookEndpoint(
    @Arg('id', () => ID, { description: ID_OF_ENDPOINT }) id: string,
    @Ctx() { principal, services, webhookLoaders }: GraphQLContext,
  ): Promise<string> {
    webhookLoaders.forget();
    await services.webhooks.delete(principal, readId(id) ?? NO_ID);
    return id;
  }

  @Mutation(() => WebhookEndpoint, {
    description:
      'Replaces the secret: `FC-Signature` is the new one at once, and the previous one is also used to sign `webhook-signature` for 24 hours. Needs the scope ADMIN.',
  })
  rotateWebhookSecret(
    @Arg('id', () => ID, { description: ID_OF_ENDPOINT }) id: string,
    @Ctx() { principal, services, webhookLoaders }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLoaders.forget();
    return services.webhooks.rotateSecret(principal, readId(id) ?? NO_ID);
  }

  @Mutation(() => WebhookEndpoint, {
    description:
      'Ends the use of the secret before the last rotation at once. Needs the scope ADMIN.',
  })
  revokePreviousWebhookSecret(
    @Arg('id', () => ID, { description: ID_OF_ENDPOINT }) id: string,
    @Ctx() { principal, services, webhookLoaders }: GraphQLContext,
  ): Promise<EndpointRecord> {
    webhookLoaders.forget();
    return services.webhooks.revokePreviousSecret(principal, readId(id) ?? NO_ID);
  }

  @FieldResolver(() => GraphQLSafeInt, {
    description: 'The number of the last event that was sent; 0 before the first.',
  })
  lastSequence(@Root() { lastSequence }: EndpointRecord): number {
    return Number(lastSequence);
  }

  @FieldResolver(() => String, { nullable: true })
  async secret(
    @Root() { id, secret }: WebhookEndpoint,
    @Ctx() { webhookLoaders }: GraphQLContext,
  ): Promise<string | null> {
    return secret === null ? null : webhookLoaders.secret(id);
  }

  @FieldResolver(() => [ID], {
    description:
      'The ids of other enabled endpoints with the same URL that receive some of the same events: the receiver gets those events more than once. Usually empty.',
  })
  duplicates(
    @Root() { id }: EndpointRecord,
    @Ctx() { webhookLoaders }: GraphQLContext,
  ): Promise<readonly number[]> {
    return webhookLoaders.duplicates(id);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'The endpoint’s deliveries, newest first.',
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
      'The events after a number, in order, so that a receiver can check that it has received all of them.',
    complexity: pageCost,
  })
  async events(
    @Root() { id }: EndpointRecord,
    @Arg('afterSequence', () => GraphQLSafeInt, {
      description: 'Only events with a larger number, at least 0.',
    })
    afterSequence: number,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'The number of events to return, 0 to 1000. Null or absent: 50.',
    })
    first: number | null,
    @Ctx() { webhookLoaders }: GraphQLContext,
  ): Promise<WebhookEvents> {
    const { take } = pageRequest({ first }, () => undefined);
    const events = await webhookLoaders.eventsAfter(id, afterSequence, take);
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

/** The id of no sensor, nor of the made-up one of tests. */
const NO_SENSOR_ID = -1;

function readFilter(filter: WebhookDeliveryFilter | null | undefined) {
  const { status, eventType, since, until, sensorId, webhookId, sequence } = filter ?? {};
  return {
    ...(status && { status }),
    ...(eventType && { eventType }),
    ...(since && { since }),
    ...(until && { until }),
    ...(typeof sensorId === 'string' && { sensorId: readId(sensorId) ?? NO_SENSOR_ID }),
    ...(typeof webhookId === 'string' && { webhookId }),
    ...(typeof sequence === 'number' && { sequence }),
  };
}
