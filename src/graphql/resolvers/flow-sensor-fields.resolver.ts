import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import { silentSince, type SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import {
  calendarCost,
  outagesCost,
  pageCost,
  seriesCost,
  volumeCost,
} from '../execution/field-costs.js';
import type { BareVolume } from '../../domain/volumes/volumes.js';
import { selectsOnly } from '../execution/selected-fields.js';
import { askedCalendar } from './asked-calendar.js';
import { DateTime } from '../types/date-time.scalar.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { BARE_FIELDS, FlowVolume } from '../types/flow-volume.type.js';
import { Outage } from '../types/outage.type.js';
import {
  ConfigurationNodeList,
  configurationPosition,
} from '../pagination/configuration-node-list.js';
import {
  SensorConfiguration,
  SensorConfigurationChangeConnection,
} from '../types/sensor-configuration.type.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
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
import { UpstreamSensor } from '../types/upstream-sensor.type.js';
import { SeriesPoint } from '../types/series-point.type.js';

/** A sensor's pings and volumes. An argument given as null counts as not given. */
@Resolver(() => FlowSensor)
export class FlowSensorFields {
  @FieldResolver(() => Ping, {
    nullable: true,
    description: 'The ping with the latest datetime. Null: the sensor has no pings.',
  })
  async lastPing(
    @Root() sensor: SensorRecord,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<Ping | undefined> {
    const ping = await sensorLoaders.lastPing(sensor.id);
    return ping && { ...ping, sensor };
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'The datetime of the last ping if that is longer ago than `maxGap`. Null: the sensor is not silent, or has no pings.',
    complexity: 1,
  })
  async silentSince(
    @Root() sensor: SensorRecord,
    @Ctx() { sensorLoaders, services }: GraphQLContext,
  ): Promise<Date | undefined> {
    const lastPing = await sensorLoaders.lastPing(sensor.id);
    return silentSince(sensor, lastPing?.datetime, services.clock());
  }

  @FieldResolver(() => UpstreamSensor, {
    nullable: true,
    description:
      'The sensor of another server, synced or mirrored, that this one is the copy of. Null: it is no copy.',
    complexity: 1,
  })
  upstreamSensor(
    @Root() { id }: SensorRecord,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<UpstreamSensor | undefined> {
    return sensorLoaders.original(id);
  }

  @FieldResolver(() => PingConnection, {
    description: 'The sensor’s pings; `start` and `end` are both inclusive, as in REST.',
    complexity: pageCost,
  })
  pings(
    @Root() sensor: SensorRecord,
    @Args(() => PingsArgs) { start, end, order, asOf, ...page }: PingsArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): object {
    const selection = { ...(start && { start }), ...(end && { end }), ...(asOf && { asOf }) };
    const request = pageRequest(page, pingPosition);
    return new PingConnection(
      new PingNodeList(
        sensorLoaders.pingsOf(sensor),
        ...([request, selection, order ?? 'NEWEST_FIRST'] as const),
      ),
    );
  }

  @FieldResolver(() => PingRevisionConnection, {
    description:
      'What corrections and deletions of the sensor’s pings replaced, newest revision first.',
    complexity: pageCost,
  })
  pingRevisions(
    @Root() { id }: SensorRecord,
    @Args(() => PingRevisionsArgs) { start, end, ...page }: PingRevisionsArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): object {
    const range = { start: start ?? undefined, end: end ?? undefined };
    const request = pageRequest(page, revisionPosition);
    return new PingRevisionConnection(new RevisionNodeList(sensorLoaders, id, request, range));
  }

  @FieldResolver(() => SensorConfigurationChangeConnection, {
    description: 'The changes of the sensor’s settings, newest first.',
    complexity: pageCost,
  })
  configurationLog(
    @Root() { id }: SensorRecord,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): object {
    const request = pageRequest(page, configurationPosition);
    return new SensorConfigurationChangeConnection(
      new ConfigurationNodeList(sensorLoaders, id, request),
    );
  }

  @FieldResolver(() => SensorConfiguration, {
    description: 'The settings that are in force at an instant, as they are known now.',
    complexity: volumeCost,
  })
  configuration(
    @Root() { id }: SensorRecord,
    @Arg('at', () => DateTime, { description: 'The instant.' }) at: Date,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<SensorConfiguration> {
    return sensorLoaders.configuration(id, at);
  }

  @FieldResolver(() => FlowVolume, {
    description: 'The volume that flowed in [start, end).',
    complexity: volumeCost,
  })
  flowVolume(
    @Root() sensor: SensorRecord,
    @Args(() => VolumeArgs) { start, end, method, asOf }: VolumeArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BareVolume> {
    const asked = [sensor, { start, end }, method, asOf ?? undefined] as const;
    return selectsOnly(info, BARE_FIELDS)
      ? sensorLoaders.volumes.bareVolume(...asked)
      : sensorLoaders.volumes.flowVolume(...asked);
  }

  @FieldResolver(() => [FlowVolume], {
    description:
      'The volumes of the hours, days, weeks or months that meet [start, end), oldest first. The first and the last are clipped to the range; there may be at most 10 000.',
    complexity: calendarCost,
  })
  async flowVolumes(
    @Root() sensor: SensorRecord,
    @Args(() => CalendarArgs) args: CalendarArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BareVolume[]> {
    const { start, end, asOf } = args;
    const { calendar, method } = await askedCalendar(args, context);
    const asked = [sensor, { start, end }, calendar, method, asOf ?? undefined] as const;
    return selectsOnly(info, BARE_FIELDS)
      ? context.sensorLoaders.volumes.bareVolumes(...asked)
      : context.sensorLoaders.volumes.flowVolumes(...asked);
  }

  @FieldResolver(() => [SeriesPoint], {
    description:
      'Points for a plot: the range is divided into equal slots, and each slot that holds a ping has one point.',
    complexity: seriesCost,
  })
  series(
    @Root() { id }: SensorRecord,
    @Args(() => SeriesArgs) { start, end, maxPoints }: SeriesArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<SeriesPoint[]> {
    return sensorLoaders.series(id, { start, end }, maxPoints ?? DEFAULT_POINTS);
  }

  @FieldResolver(() => [Outage], {
    description:
      'The outages that meet [start, end), oldest first and not clipped to the range; there may be at most 10 000.',
    complexity: outagesCost,
  })
  outages(
    @Root() { id }: SensorRecord,
    @Args(() => RangeArgs) { start, end }: RangeArgs,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<Outage[]> {
    return sensorLoaders.outages(id, { start, end });
  }
}
