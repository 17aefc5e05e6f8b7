import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { FlagFilter, ReadingFlag as Flag } from '../../domain/pings/reading-flags.js';
import { checksOfSensor } from '../../domain/sensors/checks.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost } from '../execution/field-costs.js';
import { requireFound } from '../loaders/require-found.js';
import { FlagNodeList, flagPosition } from '../pagination/flag-node-list.js';
import { pageRequest } from '../pagination/page-request.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import {
  ReadingFinding,
  ReadingFlag,
  ReadingFlagConnection,
  ReadingFlagsArgs,
  ResolveReadingFlagsArgs,
} from '../types/reading-flag.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { SensorConfiguration } from '../types/sensor-configuration.type.js';
import { SensorChecks, SensorChecksInput } from '../types/sensor-checks.type.js';

const CHECKS =
  'What the sensor’s readings are checked for when they are recorded. Null: for nothing.';

@Resolver(() => ReadingFlag)
export class ReadingFlagResolver {
  @Query(() => ReadingFlagConnection, {
    description:
      'Readings of the account that failed checks, by when they were flagged, newest first.',
    complexity: pageCost,
  })
  readingFlags(
    @Args(() => ReadingFlagsArgs) args: ReadingFlagsArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(args, flagPosition);
    return new ReadingFlagConnection(new FlagNodeList(context, request, readFilter(args)));
  }

  @Mutation(() => [ReadingFlag], {
    description:
      'Settles open flags, all or none, and returns them: the readings become GOOD or BAD, which the history of readings keeps. A reading that was deleted since changes no more. Fails with the code CONFLICT where a flag is settled already. Needs the scope ADMIN.',
  })
  resolveReadingFlags(
    @Args(() => ResolveReadingFlagsArgs) { ids, resolution, comment }: ResolveReadingFlagsArgs,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<Flag[]> {
    sensorLoaders.forget();
    return services.readingFlags.resolve(principal, ids, resolution, comment || null);
  }

  @FieldResolver(() => FlowSensor, { description: 'The sensor that took the reading.' })
  async sensor(
    @Root() { sensorId }: Flag,
    @Ctx() { sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    return requireFound(await sensorLoaders.sensor(sensorId));
  }

  @FieldResolver(() => [ReadingFinding])
  findings(@Root() { findings }: Flag): ReadingFinding[] {
    return findings.map(({ check, limit, reference }) => {
      const isCount = check === 'FROZEN';
      return { check, limit: isCount ? null : limit, readings: isCount ? limit : null, reference };
    });
  }
}

@Resolver(() => FlowSensor)
export class SensorChecksResolver {
  @Mutation(() => FlowSensor, {
    description:
      'Sets what the readings of a sensor that are recorded from now on are checked for, in place of what was set before. A good reading that fails a check is stored as UNCERTAIN and listed in `readingFlags`. Needs the scope ADMIN.',
  })
  setSensorChecks(
    @Arg('sensorId', () => ID, { description: 'The id of the flow sensor.' }) sensorId: string,
    @Arg('checks', () => SensorChecksInput, { description: 'The checks; none: all are off.' })
    checks: SensorChecksInput,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'Why, 1 to 1000 characters, for the sensor’s log. Null: no reason.',
    })
    reason: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<FlowSensor> {
    sensorLoaders.forget();
    const id = readId(sensorId) ?? NO_ID;
    return services.sensors.setChecks(principal, id, checks, reason ?? undefined);
  }

  @FieldResolver(() => SensorChecks, { nullable: true, description: CHECKS })
  checks(@Root() sensor: SensorRecord): SensorChecks | null {
    return checksOfSensor(sensor);
  }
}

@Resolver(() => SensorConfiguration)
export class ConfiguredChecks {
  @FieldResolver(() => SensorChecks, { nullable: true, description: CHECKS })
  checks(@Root() settings: Pick<SensorRecord, 'checks'>): SensorChecks | null {
    return checksOfSensor(settings);
  }
}

function readFilter({ status, sensorIds, start, end }: ReadingFlagsArgs): FlagFilter {
  return {
    ...(status && { status }),
    ...(sensorIds && { sensorIds: sensorIds.map((id) => readId(id) ?? NO_ID) }),
    ...(start && { start }),
    ...(end && { end }),
  };
}
