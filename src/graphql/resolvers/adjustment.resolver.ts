import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Adjustment } from '../../domain/periods/adjustments.js';
import type { PeriodRow } from '../../domain/periods/periods.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { adjustmentsCost } from '../execution/field-costs.js';
import { AdjustmentNodeList, adjustmentPosition } from '../pagination/adjustment-node-list.js';
import { pageRequest } from '../pagination/page-request.js';
import {
  AdjustmentsArgs,
  PriorPeriodAdjustment,
  PriorPeriodAdjustmentConnection,
} from '../types/adjustment.type.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { periodObject, type PeriodObject } from '../types/period-object.js';
import { Period } from '../types/period.type.js';

const IDS =
  'The ids of pending adjustments of one sensor group, at most 1000; all are decided, or none.';
const COMMENT = 'What there is to say about it, 1 to 1000 characters. Null: nothing.';
const FAILS =
  'Fails with the code CONFLICT where one was decided already, or its figures have changed since it was read. Needs the scope ADMIN.';

@Resolver(() => PriorPeriodAdjustment)
export class AdjustmentResolver {
  @FieldResolver(() => FlowSensor, { description: 'The sensor.' })
  sensor(
    @Root() adjustment: Adjustment,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<SensorRecord> {
    return sensorLoaders.sensorOf(adjustment);
  }

  @FieldResolver(() => Period, { description: 'The closed period.' })
  async period(
    @Root() { periodId }: Adjustment,
    @Ctx() { groupLoaders }: GraphQLContext,
  ): Promise<PeriodObject> {
    return periodObject(await groupLoaders.requirePeriod(periodId));
  }

  @FieldResolver(() => Period, {
    nullable: true,
    description:
      'The period in which it is settled: the next one of the group that was closed after it was accepted. Null: it is not accepted, or none has been closed since.',
  })
  async appliedIn(
    @Root() { appliedInPeriod }: Adjustment,
    @Ctx() { groupLoaders }: GraphQLContext,
  ): Promise<PeriodObject | undefined> {
    if (appliedInPeriod === null) return undefined;
    return periodObject(await groupLoaders.requirePeriod(appliedInPeriod));
  }

  @Mutation(() => [PriorPeriodAdjustment], {
    description: `Accepts pending adjustments: the figures after them stand from then on. ${FAILS}`,
    complexity: adjustmentsCost,
  })
  acceptAdjustments(
    @Arg('ids', () => [ID], { description: IDS }) ids: string[],
    @Arg('comment', () => String, { nullable: true, description: COMMENT }) comment: string | null,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<Adjustment[]> {
    return services.adjustments.decide(principal, ids, 'ACCEPTED', comment ?? undefined);
  }

  @Mutation(() => [PriorPeriodAdjustment], {
    description: `Rejects pending adjustments: they stay on record and are not settled. ${FAILS}`,
    complexity: adjustmentsCost,
  })
  rejectAdjustments(
    @Arg('ids', () => [ID], { description: IDS }) ids: string[],
    @Arg('comment', () => String, { nullable: true, description: COMMENT }) comment: string | null,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<Adjustment[]> {
    return services.adjustments.decide(principal, ids, 'REJECTED', comment ?? undefined);
  }
}

@Resolver(() => Period)
export class PeriodAdjustments {
  @FieldResolver(() => PriorPeriodAdjustmentConnection, {
    description:
      'What has changed its figures since it was closed, by day and sensor. Closed figures and all adjustments add up to the current figures. Of a reopened period only those that were decided.',
    complexity: adjustmentsCost,
  })
  adjustments(
    @Root() period: PeriodRow,
    @Args(() => AdjustmentsArgs) { status, ...page }: AdjustmentsArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, adjustmentPosition);
    return new PriorPeriodAdjustmentConnection(
      new AdjustmentNodeList(context, period, status ?? undefined, request),
    );
  }
}
