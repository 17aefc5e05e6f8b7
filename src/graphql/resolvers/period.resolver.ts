import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PeriodRow } from '../../domain/periods/periods.js';
import type { GraphQLContext } from '../execution/context.js';
import { listCost, pageCost, periodCost } from '../execution/field-costs.js';
import { ConnectionArgs, pageRequest } from '../pagination/page-request.js';
import { PeriodNodeList, periodPosition } from '../pagination/period-node-list.js';
import { DateTime } from '../types/date-time.scalar.js';
import { periodObject, sensorDays, type PeriodObject } from '../types/period-object.js';
import { Period, PeriodConnection, PeriodPreview, PeriodSensor } from '../types/period.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { SensorGroup } from '../types/sensor-group.type.js';

const ID_OF_PERIOD = 'The id of the period.';
const ID_OF_GROUP = 'The id of the sensor group.';
const END =
  'The end of the period, exclusive: the start of a day of the group’s calendar, not in the future.';
const START =
  'The start of the first period of a group, likewise. Null: it starts where the last closed one ended.';

@Resolver(() => Period)
export class PeriodResolver {
  @Query(() => Period, {
    nullable: true,
    description: 'A closed or reopened period. Null: the account has no period with that id.',
  })
  async period(
    @Arg('id', () => ID, { description: ID_OF_PERIOD }) id: string,
    @Ctx() { groupLoaders }: GraphQLContext,
  ): Promise<PeriodObject | undefined> {
    const period = await groupLoaders.period(readId(id) ?? NO_ID);
    return period && periodObject(period);
  }

  @Query(() => PeriodConnection, {
    description:
      'The periods of a sensor group that are or were closed, newest first. Fails with the code NOT_FOUND where the account has no such group.',
    complexity: pageCost,
  })
  async periods(
    @Arg('group', () => ID, { description: ID_OF_GROUP }) group: string,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<object> {
    const request = pageRequest(page, periodPosition);
    const { id } = await context.services.groups.require(context.principal, readId(group) ?? NO_ID);
    return new PeriodConnection(new PeriodNodeList(context, id, request));
  }

  @Query(() => PeriodPreview, {
    description: 'What a period would have if it were closed now.',
    complexity: periodCost,
  })
  async periodPreview(
    @Arg('group', () => ID, { description: ID_OF_GROUP }) group: string,
    @Arg('end', () => DateTime, { description: END }) end: Date,
    @Arg('start', () => DateTime, { nullable: true, description: START }) start: Date | null,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<PeriodPreview> {
    const input = { end, start: start ?? undefined };
    const plan = await services.periods.preview(principal, readId(group) ?? NO_ID, input);
    return {
      ...plan,
      sensors: plan.sensors.map(({ sensor, direction, figures }) => {
        return { sensor, direction, ...sensorDays(plan, figures) };
      }),
      incomplete: plan.sensors.filter((each) => !each.isComplete).map(({ sensor }) => sensor),
    };
  }

  @FieldResolver(() => SensorGroup, { description: 'The sensor group.' })
  group(@Root() { groupId }: PeriodRow, @Ctx() { groupLoaders }: GraphQLContext): Promise<object> {
    return groupLoaders.require(groupId);
  }

  @FieldResolver(() => [PeriodSensor], {
    description: 'What it has of its sensors, as it was closed, by id; there may be at most 1000.',
    complexity: listCost,
  })
  async sensors(
    @Root() period: PeriodRow,
    @Ctx() { groupLoaders, sensorLoaders }: GraphQLContext,
  ): Promise<PeriodSensor[]> {
    const found = await groupLoaders.periodSensors(period.id);
    const sensors = await Promise.all(found.map((each) => sensorLoaders.sensor(each.sensorId)));
    return found.flatMap(({ direction, figures }, index) => {
      const sensor = sensors[index];
      return sensor ? [{ sensor, direction, ...sensorDays(period, figures) }] : [];
    });
  }

  @Mutation(() => Period, {
    description:
      'Closes the next period of a sensor group: the figures of its sensors stand from then on, and what changes them is a prior-period adjustment. Fails with the code CONFLICT where readings up to its end are missing, or flagged ones are not worked off, unless forced. Needs the scope ADMIN.',
    complexity: periodCost,
  })
  async closePeriod(
    @Arg('group', () => ID, { description: ID_OF_GROUP }) group: string,
    @Arg('end', () => DateTime, { description: END }) end: Date,
    @Arg('start', () => DateTime, { nullable: true, description: START }) start: Date | null,
    @Arg('force', () => Boolean, {
      defaultValue: false,
      description:
        'Whether it is closed although readings may still come, or flagged ones are not worked off.',
    })
    force: boolean,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'Why, 1 to 1000 characters. Required with `force`. Null: no reason.',
    })
    reason: string | null,
    @Ctx() { principal, services, groupLoaders, sensorLoaders }: GraphQLContext,
  ): Promise<PeriodObject> {
    groupLoaders.forget();
    sensorLoaders.forget();
    const input = { end, start: start ?? undefined, force, reason: reason ?? undefined };
    return periodObject(await services.periods.close(principal, readId(group) ?? NO_ID, input));
  }

  @Mutation(() => Period, {
    description:
      'Reopens the last closed period of its group; it stays on record, and the next one that is closed starts where it started. Fails with the code CONFLICT where it is not the last one. Needs the scope ADMIN.',
  })
  async reopenPeriod(
    @Arg('id', () => ID, { description: ID_OF_PERIOD }) id: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 1000 characters.' }) reason: string,
    @Ctx() { principal, services, groupLoaders, sensorLoaders }: GraphQLContext,
  ): Promise<PeriodObject> {
    groupLoaders.forget();
    sensorLoaders.forget();
    return periodObject(await services.periods.reopen(principal, readId(id) ?? NO_ID, reason));
  }
}

@Resolver(() => SensorGroup)
export class SensorGroupPeriods {
  @FieldResolver(() => PeriodConnection, {
    description: 'The periods of the group that are or were closed, newest first.',
    complexity: pageCost,
  })
  periods(
    @Root() { id }: { id: number },
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    return new PeriodConnection(new PeriodNodeList(context, id, pageRequest(page, periodPosition)));
  }
}
