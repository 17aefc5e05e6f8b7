import { Ctx, Query, Resolver } from 'type-graphql';
import { requireScope } from '../../domain/shared/principal.js';
import type { GraphQLContext } from '../execution/context.js';
import { Broker } from '../types/broker.type.js';

@Resolver()
export class BrokerResolver {
  @Query(() => Broker, {
    nullable: true,
    description:
      'The MQTT broker whose messages are recorded as readings of the account’s sensors. Null: none is set, or another instance is connected to it.',
  })
  broker(@Ctx() { principal, services }: GraphQLContext): Broker | undefined {
    requireScope(principal, 'READ');
    return services.broker?.stateFor(principal);
  }
}
