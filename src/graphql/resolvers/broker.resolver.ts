import { Ctx, Query, Resolver } from 'type-graphql';
import { requireScope } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { Broker } from '../types/broker.type.js';

@Resolver()
export class BrokerResolver {
  @Query(() => Broker, {
    nullable: true,
    description:
      'The MQTT broker whose messages are recorded as readings of the account’s sensors, as the instance that is connected to it reports. Null: none is set.',
  })
  async broker(@Ctx() { principal, services }: GraphQLContext): Promise<Broker | undefined> {
    requireScope(principal, 'READ');
    return services.broker?.stateFor(principal);
  }
}
