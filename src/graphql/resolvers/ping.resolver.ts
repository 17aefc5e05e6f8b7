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
    description: 'All or none; answered when they are durable. Needs INGEST, to overwrite ADMIN.',
  })
  async recordPings(
    @Arg('input', () => RecordPingsInput) { pings, onConflict, reason }: RecordPingsInput,
    @Ctx() { principal, services, telemetry }: GraphQLContext,
  ): Promise<RecordPingsPayload> {
    telemetry.forget();
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
      'Deletes the pings in [start, end), which the history keeps, and says how many; with dryRun, how many it would. Needs ADMIN.',
  })
  deletePings(
    @Arg('sensorId', () => ID) sensorId: string,
    @Arg('start', () => DateTime) start: Date,
    @Arg('end', () => DateTime) end: Date,
    @Arg('dryRun', () => Boolean, { nullable: true, defaultValue: false }) dryRun: boolean | null,
    @Arg('reason', () => String, { nullable: true }) reason: string | null,
    @Ctx() { principal, services, telemetry }: GraphQLContext,
  ): Promise<number> {
    telemetry.forget();
    const options = { dryRun: dryRun ?? false, ...(reason && { reason }) };
    return services.pings.delete(principal, readId(sensorId) ?? NO_ID, { start, end }, options);
  }
}

function newPings(pings: readonly PingInput[], most: number): NewPing[] {
  if (pings.length > most) {
    throw InvalidInputError.of('pings', `At most ${most} pings at once; got ${pings.length}.`);
  }
  return pings.map(({ sensorId, flowrate, datetime }) => ({
    sensorId: readId(sensorId) ?? NO_ID,
    flowrate,
    datetime,
  }));
}

/** The domain names a fault's place as REST has it: `[3, 'sensor_id']` is `pings.3.sensorId` here. */
function inInput({ errors }: InvalidInputError, pings: readonly PingInput[]): InvalidInputError {
  const [first, ...rest] = errors
    .map(({ path: [index, field], message }): FieldError => {
      if (typeof index !== 'number') return { path: [index!], message };
      if (field !== 'sensor_id') return { path: ['pings', index, field!], message };
      // What is no integer is none to the domain.
      const told = `There is no flow sensor ${JSON.stringify(pings[index]!.sensorId)}.`;
      return { path: ['pings', index, 'sensorId'], message: told };
    })
    .sort((one, other) => Number(one.path[1] ?? 0) - Number(other.path[1] ?? 0));
  return new InvalidInputError([first!, ...rest]);
}
