import {
  Arg,
  Args,
  Ctx,
  Extensions,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost, TOTAL, totalCost } from '../execution/field-costs.js';
import {
  CreateFlowSensorInput,
  FlowSensor,
  FlowSensorConnection,
  FlowSensorFilter,
  FlowSensorOrder,
  UpdateFlowSensorInput,
} from '../types/flow-sensor.type.js';
import { FlowVolume } from '../types/flow-volume.type.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
import { VolumeArgs } from '../types/volume-args.js';
import { NO_ID, readId } from '../types/record-id.js';
import { SensorNodeList, sensorPosition } from '../pagination/sensor-node-list.js';

const ID_OF_SENSOR = 'The id of the flow sensor.';

@Resolver()
export class FlowSensorResolver {
  @Query(() => FlowSensor, {
    nullable: true,
    description: 'One flow sensor. Null: the account has no sensor with that id.',
  })
  async flowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor | undefined> {
    return sensorLoaders.sensor(readId(id) ?? NO_ID);
  }

  @Query(() => FlowSensorConnection, {
    description: 'The account’s flow sensors, page by page.',
    complexity: pageCost,
  })
  flowSensors(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => FlowSensorFilter, {
      nullable: true,
      description: 'Which sensors are listed. Null: all.',
    })
    filter: FlowSensorFilter | null,
    @Arg('orderBy', () => FlowSensorOrder, {
      nullable: true,
      description: 'How the sensors are sorted. Null: by id, ascending.',
    })
    orderBy: FlowSensorOrder | null,
    @Ctx() context: GraphQLContext,
  ): object {
    const order = orderBy ?? ({ field: 'ID', direction: 'ASC' } as const);
    const request = pageRequest(page, (cursor) => sensorPosition(order, cursor));
    return new FlowSensorConnection(
      new SensorNodeList(context, request, readFilter(filter), order),
    );
  }

  @Mutation(() => FlowSensor, {
    description: 'Creates a flow sensor. Needs the scope ADMIN.',
  })
  createFlowSensor(
    @Arg('input', () => CreateFlowSensorInput, { description: 'The sensor to create.' })
    input: CreateFlowSensorInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<FlowSensor> {
    return services.sensors.create(principal, input);
  }

  @Mutation(() => FlowSensor, {
    description: 'Changes a flow sensor. Needs the scope ADMIN.',
  })
  updateFlowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Arg('input', () => UpdateFlowSensorInput, { description: 'What to change.' })
    input: UpdateFlowSensorInput,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    sensorLoaders.forget();
    return services.sensors.update(principal, readId(id) ?? NO_ID, input);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a flow sensor that has never had a ping, and returns its id. Fails with the code CONFLICT where it has or had pings, even if they were deleted. Needs the scope ADMIN.',
  })
  async deleteFlowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<string> {
    sensorLoaders.forget();
    const sensorId = readId(id) ?? NO_ID;
    await services.sensors.delete(principal, sensorId);
    return String(sensorId);
  }
}

@Resolver(() => FlowSensorConnection)
export class FlowSensorConnectionFields {
  @Extensions(TOTAL)
  @FieldResolver(() => FlowVolume, {
    description:
      'The volume that flowed in [start, end) over all sensors that the filter selects, not only those of the page.',
    complexity: totalCost,
  })
  flowVolume(
    @Root() { list }: { list: SensorNodeList },
    @Args(() => VolumeArgs) { start, end, method }: VolumeArgs,
  ): Promise<FlowVolume> {
    return list.flowVolume({ start, end }, method ?? undefined);
  }
}

function readFilter(filter: FlowSensorFilter | null) {
  const { ids, search } = filter ?? {};
  return {
    ...(ids && { ids: ids.map((id) => readId(id) ?? NO_ID) }),
    ...(search && { search }),
  };
}
