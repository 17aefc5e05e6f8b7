import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Substitution as Made } from '../../domain/pings/substitutions.js';
import type { SensorRecord } from '../../domain/sensors/sensors.js';
import type { GraphQLContext } from '../execution/context.js';
import { PingMethod } from '../types/enums.js';
import { FlowSensor } from '../types/flow-sensor.type.js';
import { Ping } from '../types/ping.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import {
  ReverseSubstitutionArgs,
  SubstitutePingsArgs,
  Substitution,
} from '../types/substitution.type.js';

const EXPECTED = 20;

@Resolver()
export class SubstitutionResolver {
  @Mutation(() => Substitution, {
    description:
      'Replaces a sensor’s readings in [start, end) by substitutes, no further apart than the sensor’s `maxGap`, at most 10 000, and answers when they are durable. What was there stays in the history of readings; `reverseSubstitution` puts it back. Needs the scope ADMIN.',
  })
  async substitutePings(
    @Args(() => SubstitutePingsArgs)
    { sensorId, reasonCode, comment, value, ...input }: SubstitutePingsArgs,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<Substitution> {
    sensorLoaders.forget();
    const made = await services.substitutions.make(
      principal,
      { ...input, sensorId: readId(sensorId) ?? NO_ID, value: value ?? null },
      { reasonCode, comment: comment || null },
    );
    return shown(made);
  }

  @Mutation(() => Substitution, {
    description:
      'Reverses a substitution as a whole: its substitutes are deleted, and what they replaced is recorded again. Readings that were recorded or corrected in its range since then stay. Fails with the code CONFLICT where it was reversed before. Needs the scope ADMIN.',
  })
  async reverseSubstitution(
    @Args(() => ReverseSubstitutionArgs)
    { sensorId, id, reasonCode, comment }: ReverseSubstitutionArgs,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<Substitution> {
    sensorLoaders.forget();
    const reason = { reasonCode, comment: comment || null };
    const sensor = readId(sensorId) ?? NO_ID;
    return shown(await services.substitutions.reverse(principal, sensor, id, reason));
  }
}

@Resolver(() => FlowSensor)
export class SensorSubstitutionFields {
  @FieldResolver(() => [Substitution], {
    description: 'The substitutions of the sensor’s readings, newest first, at most 1000.',
    complexity: ({ childComplexity }) => EXPECTED * childComplexity,
  })
  async substitutions(
    @Root() { id }: SensorRecord,
    @Ctx() { substitutionLoaders }: GraphQLContext,
  ): Promise<Substitution[]> {
    return (await substitutionLoaders.of(id)).map(shown);
  }
}

@Resolver(() => Ping)
export class PingMethodField {
  @FieldResolver(() => PingMethod, {
    description: 'How the reading came about, as of now.',
    complexity: 2,
  })
  method(
    @Root() ping: Ping,
    @Ctx() { substitutionLoaders }: GraphQLContext,
  ): Promise<keyof typeof PingMethod> {
    const { id, datetime, sensor } = ping;
    return substitutionLoaders.methodOf({ id, datetime, sensorId: sensor.id });
  }
}

function shown({ calculation, ...made }: Made): Substitution {
  return { ...made, calculation: JSON.stringify(calculation) };
}
