import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { InvalidInputError, type FieldError } from '../../domain/shared/errors.js';
import type { NewPing, RevisionReason } from '../../domain/pings/pings.js';
import type { GraphQLContext } from '../execution/context.js';
import { DateTime } from '../types/date-time.scalar.js';
import {
  COMMENT,
  type PingInput,
  REASON_CODE,
  RecordPingsInput,
  RecordPingsPayload,
} from '../types/ping.type.js';
import { ReasonCode } from '../types/reason-code.scalar.js';
import { NO_ID, readId } from '../types/record-id.js';
import { readFlowrateUnit } from '../types/units.js';

@Resolver()
export class PingResolver {
  @Mutation(() => RecordPingsPayload, {
    description:
      'Records pings, all or none, and answers when they are durable. Needs the scope INGEST, or ADMIN to overwrite.',
  })
  async recordPings(
    @Arg('input', () => RecordPingsInput, { description: 'The pings to record.' })
    { pings, onConflict, unit, ...given }: RecordPingsInput,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<RecordPingsPayload> {
    sensorLoaders.forget();
    const reason = readReason(given);
    return services.pings
      .record(principal, newPings(pings, services.maxPings), {
        onConflict: onConflict ?? 'REJECT',
        ...reason,
        ...(unit && { unit: readFlowrateUnit(unit) }),
      })
      .catch((error: unknown) => {
        throw error instanceof InvalidInputError ? inInput(named(error, given), pings) : error;
      });
  }

  @Mutation(() => Int, {
    description:
      'Deletes a sensor’s pings in [start, end) and returns their number; the history keeps them. Needs the scope ADMIN.',
  })
  async deletePings(
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
    @Arg('reasonCode', () => ReasonCode, { nullable: true, description: REASON_CODE })
    reasonCode: string | null,
    @Arg('comment', () => String, { nullable: true, description: COMMENT })
    comment: string | null,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'The same as `comment`. Null: none.',
      deprecationReason: 'Use `comment`.',
    })
    reason: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<number> {
    sensorLoaders.forget();
    const given = { reasonCode, comment, reason };
    const options = { dryRun: dryRun ?? false, ...readReason(given) };
    return services.pings
      .delete(principal, readId(sensorId) ?? NO_ID, { start, end }, options)
      .catch((error: unknown) => {
        throw error instanceof InvalidInputError ? named(error, given) : error;
      });
  }
}

/** Why the history changes; `reason` is an older name of `comment`. */
type GivenReason = Pick<RecordPingsInput, 'reasonCode' | 'comment' | 'reason'>;

/** @throws InvalidInputError where both names of the comment are given */
function readReason({ reasonCode, comment, reason }: GivenReason): RevisionReason {
  if (comment && reason) {
    throw InvalidInputError.of('reason', 'Must not be given beside comment, which replaces it.');
  }
  const text = comment || reason;
  return { ...(reasonCode && { reasonCode }), ...(text && { comment: text }) };
}

/** The domain knows only the newer name of the comment. */
function named(error: InvalidInputError, { reason }: GivenReason): InvalidInputError {
  const isReason = reason && error.errors[0].path[0] === 'comment';
  return isReason ? InvalidInputError.of('reason', error.message) : error;
}

function newPings(pings: readonly PingInput[], maximum: number): NewPing[] {
  if (pings.length > maximum) {
    throw InvalidInputError.of('pings', `At most ${maximum} pings at once; got ${pings.length}.`);
  }
  return pings.map(({ sensorId, flowrate, datetime, quality, totalizer }) => ({
    sensorId: readId(sensorId) ?? NO_ID,
    flowrate,
    datetime,
    quality: quality ?? undefined,
    totalizer: totalizer ?? undefined,
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
