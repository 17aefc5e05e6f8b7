import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { InvalidInputError, type FieldError } from '../../domain/shared/errors.js';
import type { NewPing } from '../../domain/pings/pings.js';
import type { GraphQLContext } from '../execution/context.js';
import { DateTime } from '../types/date-time.scalar.js';
import { type PingInput, RecordPingsInput, RecordPingsPayload } from '../types/ping.type.js';
import { NO_ID, readId } from '../types/record-id.js';

@Resolver()
export class PingResolver {
  @Mutation(() => RecordPingsPayload, {
    description:
      'Records pings, all or none, and answers when they are durable. Needs the scope INGEST, or ADMIN to overwrite.',
  })
  async recordPings(
    @Arg('input', () => RecordPingsInput, { description: 'The pings to record.' })
    { pings, onConflict, reason }: RecordPingsInput,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<RecordPingsPayload> {
    sensorLoaders.forget();
    return services.pings
      .record(principal, newPings(pings, services.maxPings), {
        onConflict: onConflict ?? 'REJECT',
        ...(reason && { reason }),
      })
      .catch((error: unknown) => {
        throw error instanceof InvalidInputError ? inInput(error, pings) : error;
      });
  }

  @Mutation(() => Int, {
    description:
      'Deletes a sensor’s pings in [start, end) and returns their number; the history keeps them. Needs the scope ADMIN.',
  })
  deletePings(
    @Arg('sensorId', () => ID, { description: 'The id of the flow sensor.' }) sensorId: string,
    @Arg('start', () => DateTime, { description: 'The start of the range, inclusive.' })
    start: Date,
    @Arg('end', () => DateTime, {
      description: 'The end of the range, exclusive; not before `start`.',
    })
    end: Date,
    @Arg('dryRun', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description: 'Only returns how many pings would be deleted.',
    })
    dryRun: boolean | null,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'The reason, at most 1000 characters, that the history keeps. Null: none.',
    })
    reason: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<number> {
    sensorLoaders.forget();
    const options = { dryRun: dryRun ?? false, ...(reason && { reason }) };
    return services.pings.delete(principal, readId(sensorId) ?? NO_ID, { start, end }, options);
  }
}

function newPings(pings: readonly PingInput[], maximum: number): NewPing[] {
  if (pings.length > maximum) {
    throw InvalidInputError.of('pings', `At most ${maximum} pings at once; got ${pings.length}.`);
  }
  return pings.map(({ sensorId, flowrate, datetime }) => ({
    sensorId: readId(sensorId) ?? NO_ID,
    flowrate,
    datetime,
  }));
}

/** The domain names an error's path as REST does: `[3, 'sensor_id']` is `pings.3.sensorId` here. */
function inInput({ errors }: InvalidInputError, pings: readonly PingInput[]): InvalidInputError {
  const [first, ...rest] = errors
    .map(({ path: [index, field], message }): FieldError => {
      if (typeof index !== 'number') return { path: [index!], message };
      if (field !== 'sensor_id') return { path: ['pings', index, field!], message };
      // The domain has only seen NO_ID for an id that is not an integer.
      const text = `There is no flow sensor ${JSON.stringify(pings[index]!.sensorId)}.`;
      return { path: ['pings', index, 'sensorId'], message: text };
    })
    .sort((one, other) => Number(one.path[1] ?? 0) - Number(other.path[1] ?? 0));
  return new InvalidInputError([first!, ...rest]);
}
