import { Arg, type ClassType, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { ApiToken, CreatedApiToken } from '../types/api-token.type.js';
import { AuditEvent } from '../types/audit-event.type.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { Node, NODE_ID, readNodeId, writeNodeId } from '../types/node.type.js';
import { PingRevision } from '../types/ping-revision.type.js';
import { Ping } from '../types/ping.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { SensorConfigurationChange } from '../types/sensor-configuration.type.js';
import { WebhookDelivery } from '../types/webhook-delivery.type.js';
import { WebhookEndpoint } from '../types/webhook-endpoint.type.js';

type Read = (context: GraphQLContext, ...key: string[]) => Promise<object | null | undefined>;

/** How an object of each type is read by the key in its node id. */
const READS: Readonly<Record<string, Read>> = {
  FlowSensor: ({ sensorLoaders }, id) => sensorLoaders.sensor(readId(id) ?? NO_ID),
  WebhookEndpoint: ({ webhookLoaders }, id) => webhookLoaders.endpoint(readId(id) ?? NO_ID),
  WebhookDelivery: ({ principal, services }, id) => services.webhookDeliveries.find(principal, id),
  Ping: readPing,
};

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      'The flow sensor, ping, webhook endpoint or webhook delivery with that `nodeId`. Null: the account has none.',
  })
  async node(
    @Arg('nodeId', () => ID, { description: 'The `nodeId` of the object.' }) nodeId: string,
    @Ctx() context: GraphQLContext,
  ): Promise<object | null> {
    const [type = '', ...key] = readNodeId(nodeId) ?? [];
    const read = Object.hasOwn(READS, type) ? READS[type] : undefined;
    const node = key.length > 0 ? await read?.(context, ...key) : undefined;
    return node ? { ...node, __typename: type } : null;
  }
}

/**
 * A ping is found by its sensor and instant, its natural key; the id tells whether it still is that
 * ping.
 */
async function readPing(
  { sensorLoaders }: GraphQLContext,
  sensorId?: string,
  time?: string,
  id?: string,
): Promise<object | undefined> {
  const sensor = await sensorLoaders.sensor(readId(sensorId ?? '') ?? NO_ID);
  const at = new Date(/^-?\d{1,15}$/.test(time ?? '') ? Number(time) : NaN);
  if (!sensor || Number.isNaN(at.getTime())) return undefined;
  const order = 'NEWEST_FIRST';
  const window = { order, start: at, end: at, take: 1, from: 'first' } as const;
  const [ping] = (await sensorLoaders.pings(sensor.id, window)).pings.of(sensor);
  if (ping?.id !== id) return undefined;
  const { flowrate, datetime, recordedAt, quality } = ping!;
  return { id, sensorId: sensor.id, datetime, flowrate, recordedAt, quality, sensor };
}

/** The field `nodeId` of a type whose objects have an id of their own. */
function nodeIdOf<Type extends { id: string | number }>(type: ClassType<Type>) {
  @Resolver(() => type)
  class NodeIdField {
    @FieldResolver(() => ID, { description: NODE_ID })
    nodeId(@Root() { id }: { id: string | number }): string {
      return writeNodeId(type.name, id);
    }
  }
  return NodeIdField;
}

@Resolver(() => Ping)
class PingNodeId {
  @FieldResolver(() => ID, { description: NODE_ID })
  nodeId(@Root() { id, sensorId, datetime }: Ping & { sensorId: number }): string {
    return writeNodeId('Ping', sensorId, datetime.getTime(), id);
  }
}

export const NODE_RESOLVERS = [
  NodeResolver,
  PingNodeId,
  nodeIdOf(FlowSensor),
  nodeIdOf(WebhookEndpoint),
  nodeIdOf(WebhookDelivery),
  nodeIdOf(PingRevision),
  nodeIdOf(SensorConfigurationChange),
  nodeIdOf(AuditEvent),
  nodeIdOf(ApiToken),
  nodeIdOf(CreatedApiToken),
] as const;
