import { Arg, Ctx, ID, type PubSub, Resolver, Root, Subscription } from 'type-graphql';
import { NotFoundError } from '../../domain/shared/errors.js';
import type { Ping as PingRecord } from '../../domain/pings/pings.js';
import type { GraphQLContext } from '../execution/context.js';
import { Ping } from '../types/ping.type.js';
import { NO_ID, readId } from '../types/record-id.js';

interface Args {
  readonly sensorIds?: readonly string[] | null;
}

@Resolver()
export class PingSubscriptionResolver {
  @Subscription(() => Ping, {
    description:
      'Each ping as it is recorded, of all the account’s sensors or of those named; NOT_FOUND where it has none of these. Ends with the code RESYNC where pings may have been missed: read what is stored, and subscribe again.',
    subscribe: ({ args, context }) => subscribe(args as Args, context as GraphQLContext),
  })
  pingReceived(
    @Root() ping: PingRecord,
    @Arg('sensorIds', () => [ID], { nullable: true }) _sensorIds: string[] | null,
    @Ctx() { telemetry, services }: GraphQLContext,
  ): object {
    // One context serves all events of a subscription.
    telemetry.forgetEvent(services.clock());
    return {
      ...ping,
      // Read only where it is asked for, as many events come.
      get sensor() {
        return telemetry.sensorOf(ping);
      },
    };
  }
}

async function subscribe(
  { sensorIds }: Args,
  { principal, services, stream }: GraphQLContext,
): Promise<AsyncIterable<PingRecord>> {
  const ids = sensorIds?.map((id) => readId(id) ?? NO_ID);
  // It would wait forever.
  if (ids?.length && (await services.sensors.find(principal, ids)).size === 0) {
    throw new NotFoundError('There is none of these flow sensors.');
  }
  return services.feed.subscribe(principal, ids, stream?.onDrop);
}

/** type-graphql wants one wherever there are subscriptions, also where they bring their own source. */
export const NO_PUBSUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Subscriptions bring their own source.');
  },
};
