import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { silentSince, type SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import {
  calendarCost,
  outagesCost,
  pageCost,
  seriesCost,
  volumeCost,
} from '../execution/field-costs.js';
import { DateTime } from '../types/date-time.scalar.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { FlowVolume } from '../types/flow-volume.type.js';
import { Outage } from '../types/outage.type.js';
import { pageRequest } from '../pagination/page-request.js';
import { PingNodeList, pingPosition } from '../pagination/ping-node-list.js';
import { PingRevisionConnection, PingRevisionsArgs } from '../types/ping-revision.type.js';
import { Ping, PingConnection, PingsArgs } from '../types/ping.type.js';
import {
  CalendarArgs,
  DEFAULT_POINTS,
  RangeArgs,
  SeriesArgs,
  VolumeArgs,
} from '../types/volume-args.js';
import { RevisionNodeList, revisionPosition } from '../pagination/revision-node-list.js';
import { SeriesPoint } from '../types/series-point.type.js';

/** A sensor's telemetry. Arguments that were given as null are as if they were not given. */
@Resolver(() => FlowSensor)
export class FlowSensorFields {
  @FieldResolver(() => Ping, { nullable: true, description: 'The newest by datetime.' })
  async lastPing(
    @Root() sensor: SensorRecord,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<Ping | undefined> {
    const ping = await telemetry.lastPing(sensor.id);
    return ping && { ...ping, sensor };
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'The last ping’s datetime where that is longer ago than maxGap.',
    complexity: 1,
  })
  async silentSince(
    @Root() sensor: SensorRecord,
    @Ctx() { telemetry, services }: GraphQLContext,
  ): Promise<Date | undefined> {
    const lastPing = await telemetry.lastPing(sensor.id);
    return silentSince(sensor, lastPing?.datetime, services.clock());
  }

  @FieldResolver(() => PingConnection, { complexity: pageCost })
  pings(
    @Root() sensor: SensorRecord,
    @Args(() => PingsArgs) { start, end, order, ...page }: PingsArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): object {
    const interval = { ...(start && { start }), ...(end && { end }) };
    const request = pageRequest(page, pingPosition);
    return new PingConnection(
      new PingNodeList(telemetry, sensor, request, interval, order ?? 'NEWEST_FIRST'),
    );
  }

  @FieldResolver(() => PingRevisionConnection, {
    description: 'What corrections and deletions of its pings replaced, newest revision first.',
    complexity: pageCost,
  })
  pingRevisions(
    @Root() { id }: SensorRecord,
    @Args(() => PingRevisionsArgs) { first, after, start, end }: PingRevisionsArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): object {
    const range = { start: start ?? undefined, end: end ?? undefined };
    const request = pageRequest({ first, after }, revisionPosition);
    return new PingRevisionConnection(new RevisionNodeList(telemetry, id, request, range));
  }

  @FieldResolver(() => FlowVolume, { complexity: volumeCost })
  flowVolume(
    @Root() { id }: SensorRecord,
    @Args(() => VolumeArgs) { start, end, method }: VolumeArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<FlowVolume> {
    return telemetry.flowVolume(id, { start, end }, method ?? 'LINEAR');
  }

  @FieldResolver(() => [FlowVolume], {
    description: 'Oldest first, clipped to the range, at most 10 000.',
    complexity: calendarCost,
  })
  flowVolumes(
    @Root() { id }: SensorRecord,
    @Args(() => CalendarArgs) args: CalendarArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<FlowVolume[]> {
    const { start, end, interval, timeZone, dayStart, method } = args;
    const calendar = { interval, timeZone: timeZone ?? 'UTC', dayStart: dayStart ?? '00:00' };
    return telemetry.flowVolumes(id, { start, end }, calendar, method ?? 'LINEAR');
  }

  @FieldResolver(() => [SeriesPoint], {
    description: 'For plots: equal slots of the range, a point for each that holds a ping.',
    complexity: seriesCost,
  })
  series(
    @Root() { id }: SensorRecord,
    @Args(() => SeriesArgs) { start, end, maxPoints }: SeriesArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<SeriesPoint[]> {
    return telemetry.series(id, { start, end }, maxPoints ?? DEFAULT_POINTS);
  }

  @FieldResolver(() => [Outage], {
    description: 'Whole segments that meet [start, end), oldest first.',
    complexity: outagesCost,
  })
  outages(
    @Root() { id }: SensorRecord,
    @Args(() => RangeArgs) { start, end }: RangeArgs,
    @Ctx() { telemetry }: GraphQLContext,
  ): Promise<Outage[]> {
    return telemetry.outages(id, { start, end });
  }
}
