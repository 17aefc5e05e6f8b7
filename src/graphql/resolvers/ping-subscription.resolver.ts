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
      'Each new ping as it is recorded. It fails with NOT_FOUND if the account has none of the sensors, and ends with RESYNC if pings may have been missed: query the stored pings, then subscribe again.',
    subscribe: ({ args, context }) => subscribe(args as Args, context as GraphQLContext),
  })
  pingReceived(
    @Root() ping: PingRecord,
    @Arg('sensorIds', () => [ID], {
      nullable: true,
      description: 'Only pings of these sensors. Null: of all sensors; an empty list: of none.',
    })
    _sensorIds: string[] | null,
    @Ctx() { sensorLoaders, services }: GraphQLContext,
  ): object {
    // One context serves all events of a subscription.
    sensorLoaders.forgetEvent(services.clock());
    return {
      ...ping,
      // Read only if it is selected, because events are many.
      get sensor() {
        return sensorLoaders.sensorOf(ping);
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
    throw new NotFoundError('None of these flow sensors exists.');
  }
  const source = await services.feed.subscribe(principal, ids, stream?.onDrop);
  stream?.onSource?.(source);
  return source;
}

/**
 * type-graphql requires one for every schema with subscriptions, even if they have their own
 * source.
 */
export const NO_PUBSUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Subscriptions have their own source.');
  },
};
