import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { calendarCost, pageCost, volumeCost } from '../execution/field-costs.js';
import { pageRequest } from '../pagination/page-request.js';
import { PingNodeList, pingPosition } from '../pagination/ping-node-list.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { FlowVolume } from '../types/flow-volume.type.js';
import { PingConnection, PingsArgs } from '../types/ping.type.js';
import { SensorHistory, SensorHistoryPart } from '../types/sensor-history.type.js';
import { CalendarArgs, VolumeArgs } from '../types/volume-args.js';
import { askedCalendar } from './asked-calendar.js';

@Resolver(() => FlowSensor)
export class ContinuedSensorFields {
  @FieldResolver(() => FlowSensor, {
    nullable: true,
    description: 'The sensor that this one replaced. Null: it replaced none.',
  })
  async continuesSensor(
    @Root() { continuesSensorId }: SensorRecord,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor | undefined> {
    return continuesSensorId === null ? undefined : sensorLoaders.sensor(continuesSensorId);
  }

  @FieldResolver(() => SensorHistory, {
    description:
      'The history of the measuring point: of this sensor and of those that it continues. The sensor’s other fields are about its own pings alone.',
    complexity: ({ childComplexity }) => childComplexity,
  })
  history(@Root() { id }: SensorRecord): SensorHistory {
    return new SensorHistory(id);
  }
}

/** An argument given as null counts as not given. */
@Resolver(() => SensorHistory)
export class SensorHistoryResolver {
  @FieldResolver(() => [SensorHistoryPart], {
    description: 'The sensors that the history is of, the earliest first, this one last.',
  })
  parts(
    @Root() { sensorId }: SensorHistory,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<SensorHistoryPart[]> {
    return sensorLoaders.histories.parts(sensorId);
  }

  @FieldResolver(() => PingConnection, {
    description: 'The pings of the history; `start` and `end` are both inclusive, as in REST.',
    complexity: pageCost,
  })
  pings(
    @Root() { sensorId }: SensorHistory,
    @Args(() => PingsArgs) { start, end, order, asOf, ...page }: PingsArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): object {
    const selection = { ...(start && { start }), ...(end && { end }), ...(asOf && { asOf }) };
    const request = pageRequest(page, pingPosition);
    return new PingConnection(
      new PingNodeList(
        sensorLoaders.histories.pingsOf(sensorId),
        ...([request, selection, order ?? 'NEWEST_FIRST'] as const),
      ),
    );
  }

  @FieldResolver(() => FlowVolume, {
    description: 'The volume that flowed in [start, end).',
    complexity: volumeCost,
  })
  async flowVolume(
    @Root() { sensorId }: SensorHistory,
    @Args(() => VolumeArgs) { start, end, method, asOf }: VolumeArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<FlowVolume> {
    const optional = { method: method ?? undefined, asOf: asOf ?? undefined };
    const [volume] = await sensorLoaders.histories.volumes(sensorId, { start, end, ...optional });
    return volume!;
  }

  @FieldResolver(() => [FlowVolume], {
    description:
      'The volumes of consecutive intervals, oldest first, the first and the last clipped to the range; there may be at most 10 000.',
    complexity: calendarCost,
  })
  async flowVolumes(
    @Root() { sensorId }: SensorHistory,
    @Args(() => CalendarArgs) args: CalendarArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<FlowVolume[]> {
    const { start, end, asOf } = args;
    const asked = await askedCalendar(args, context);
    const optional = { asOf: asOf ?? undefined };
    return context.sensorLoaders.histories.volumes(sensorId, { start, end, ...asked, ...optional });
  }
}
