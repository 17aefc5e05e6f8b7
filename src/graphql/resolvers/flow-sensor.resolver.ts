import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  FieldResolver,
  ID,
  Info,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { FlowrateUnit as FlowrateSymbol } from '../../domain/shared/units.js';
import type { BareVolume } from '../../domain/volumes/volumes.js';
import type { GraphQLContext } from '../execution/context.js';
import { selectsOnly } from '../execution/selected-fields.js';
import { pageCost, TOTAL, totalCost } from '../execution/field-costs.js';
import {
  CreateFlowSensorInput,
  FlowSensor,
  FlowSensorConnection,
  FlowSensorFilter,
  FlowSensorOrder,
  UpdateFlowSensorInput,
} from '../types/flow-sensor.type.js';
import { DateTime } from '../types/date-time.scalar.js';
import { BARE_FIELDS, FlowVolume } from '../types/flow-volume.type.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
import { VolumeArgs } from '../types/volume-args.js';
import { NO_ID, readId } from '../types/record-id.js';
import { readFlowrateUnit } from '../types/units.js';
import { SensorNodeList, sensorPosition } from '../pagination/sensor-node-list.js';

const ID_OF_SENSOR = 'The id of the flow sensor.';
const REASON = 'Why, 1 to 1000 characters, for the sensor’s log. Null: no reason.';

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
  async createFlowSensor(
    @Arg('input', () => CreateFlowSensorInput, { description: 'The sensor to create.' })
    input: CreateFlowSensorInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<FlowSensor> {
    if (input.calendar) await services.calendars.require(principal, input.calendar);
    return services.sensors.create(principal, readInput(input));
  }

  @Mutation(() => FlowSensor, {
    description: 'Changes a flow sensor. Needs the scope ADMIN.',
  })
  async updateFlowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Arg('input', () => UpdateFlowSensorInput, { description: 'What to change.' })
    { effectiveFrom, reason, continuesSensor, ...input }: UpdateFlowSensorInput,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    sensorLoaders.forget();
    if (input.calendar) await services.calendars.require(principal, input.calendar);
    const change = {
      ...readInput(input),
      ...(continuesSensor !== undefined && {
        continuesSensor: continuesSensor === null ? null : (readId(continuesSensor) ?? NO_ID),
      }),
    };
    return services.sensors.update(principal, readId(id) ?? NO_ID, change, {
      effectiveFrom: effectiveFrom ?? undefined,
      reason: reason ?? undefined,
    });
  }

  @Mutation(() => FlowSensor, {
    description:
      'Retires a flow sensor: lists leave it out unless asked for, and later pings are refused. Its record stays. Needs the scope ADMIN.',
  })
  retireFlowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Arg('at', () => DateTime, {
      nullable: true,
      description:
        'When the sensor was taken out of service; neither in the future nor before its last ping. Null: now.',
    })
    at: Date | null,
    @Arg('reason', () => String, { nullable: true, description: REASON })
    reason: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    sensorLoaders.forget();
    return services.sensors.retire(principal, readId(id) ?? NO_ID, {
      at: at ?? undefined,
      reason: reason ?? undefined,
    });
  }

  @Mutation(() => FlowSensor, {
    description:
      'Returns a retired flow sensor to service. One that is not retired stays as it is. Needs the scope ADMIN.',
  })
  restoreFlowSensor(
    @Arg('id', () => ID, { description: ID_OF_SENSOR }) id: string,
    @Arg('reason', () => String, { nullable: true, description: REASON })
    reason: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    sensorLoaders.forget();
    return services.sensors.restore(principal, readId(id) ?? NO_ID, reason ?? undefined);
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
      'The volume that flowed in [start, end) over all sensors that the filter selects, not only those of the page. Sensors that retired after `start` count too, up to their retirement.',
    complexity: totalCost,
  })
  flowVolume(
    @Root() { list }: { list: SensorNodeList },
    @Args(() => VolumeArgs) { start, end, method, asOf }: VolumeArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BareVolume> {
    const asked = [{ start, end }, method ?? undefined, asOf ?? undefined] as const;
    return selectsOnly(info, BARE_FIELDS) ? list.bareVolume(...asked) : list.flowVolume(...asked);
  }
}

function readInput<Input extends { entryUnit?: string | null }>({ entryUnit, ...input }: Input) {
  const unit = entryUnit ? readFlowrateUnit(entryUnit) : entryUnit;
  return { ...input, ...(unit !== undefined && { entryUnit: unit as FlowrateSymbol | null }) };
}

function readFilter(filter: FlowSensorFilter | null) {
  const { ids, search, groupIds, tags, retired } = filter ?? {};
  return {
    ...(ids && { ids: ids.map((id) => readId(id) ?? NO_ID) }),
    ...(search && { search }),
    ...(tags && { tags }),
    ...(groupIds && { groupIds: groupIds.map((id) => readId(id) ?? NO_ID) }),
    ...(retired && { retired }),
  };
}
