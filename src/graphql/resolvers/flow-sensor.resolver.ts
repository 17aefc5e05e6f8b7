import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost, totalCost } from '../execution/field-costs.js';
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

@Resolver()
export class FlowSensorResolver {
  @Query(() => FlowSensor, { nullable: true, description: 'Null where there is none.' })
  async flowSensor(
    @Arg('id', () => ID) id: string,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<FlowSensor | undefined> {
    return telemetry.sensor(readId(id) ?? NO_ID);
  }

  @Query(() => FlowSensorConnection, { complexity: pageCost })
  flowSensors(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => FlowSensorFilter, { nullable: true }) filter: FlowSensorFilter | null,
    @Arg('orderBy', () => FlowSensorOrder, { nullable: true }) orderBy: FlowSensorOrder | null,
    @Ctx() context: GraphQLContext,
  ): object {
    const order = orderBy ?? ({ field: 'ID', direction: 'ASC' } as const);
    const request = pageRequest(page, (cursor) => sensorPosition(order, cursor));
    return new FlowSensorConnection(
      new SensorNodeList(context, request, readFilter(filter), order),
    );
  }

  @Mutation(() => FlowSensor, { description: 'Needs ADMIN.' })
  createFlowSensor(
    @Arg('input', () => CreateFlowSensorInput) input: CreateFlowSensorInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<FlowSensor> {
    return services.sensors.create(principal, input);
  }

  @Mutation(() => FlowSensor, { description: 'Needs ADMIN.' })
  updateFlowSensor(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateFlowSensorInput) input: UpdateFlowSensorInput,
    @Ctx() { principal, services, telemetry }: GraphQLContext,
  ): Promise<FlowSensor> {
    telemetry.forget();
    return services.sensors.update(principal, readId(id) ?? NO_ID, input);
  }
}

@Resolver(() => FlowSensorConnection)
export class FlowSensorConnectionFields {
  @FieldResolver(() => FlowVolume, {
    description: 'Over every sensor that the filter meets, whatever the page.',
    complexity: totalCost,
  })
  flowVolume(
    @Root() { list }: { list: SensorNodeList },
    @Args(() => VolumeArgs) { start, end, method }: VolumeArgs,
  ): Promise<FlowVolume> {
    return list.flowVolume({ start, end }, method ?? 'LINEAR');
  }
}

function readFilter(filter: FlowSensorFilter | null) {
  const { ids, search } = filter ?? {};
  return {
    ...(ids && { ids: ids.map((id) => readId(id) ?? NO_ID) }),
    ...(search && { search }),
  };
}
