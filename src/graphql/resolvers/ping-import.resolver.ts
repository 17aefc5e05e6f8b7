import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../../domain/shared/errors.js';
import type { LoggedImport } from '../../domain/transfer/import/import-log.js';
import type { GraphQLContext } from '../execution/context.js';
import { COMMENT, REASON_CODE } from '../types/ping.type.js';
import { PingImport } from '../types/ping-import.type.js';
import { ReasonCode } from '../types/reason-code.scalar.js';
import { NO_ID, readId } from '../types/record-id.js';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

@Resolver()
export class PingImportResolver {
  @Query(() => [PingImport], {
    description: 'The files of readings that were loaded, the newest first. Needs the scope READ.',
    complexity: ({ args, childComplexity }) =>
      1 + Math.max(Number(args.first ?? DEFAULT_SIZE), 0) * childComplexity,
  })
  async imports(
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_SIZE,
      description: `How many, 1 to ${MAX_SIZE}.`,
    })
    first: number | null,
    @Arg('before', () => ID, {
      nullable: true,
      description: 'Only those before the one with this id. Null: from the newest on.',
    })
    before: string | null,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<PingImport[]> {
    const size = first ?? DEFAULT_SIZE;
    if (size < 1 || size > MAX_SIZE) {
      throw InvalidInputError.of('first', `Must be from 1 to ${MAX_SIZE}; got ${size}.`);
    }
    const last = before ? (readId(before) ?? NO_ID) : undefined;
    return (await services.importLog.list(principal, size, last)).map(shown);
  }

  @Mutation(() => PingImport, {
    description:
      'Undoes an import as a whole: the readings that it inserted are deleted, and those that it replaced are restored; the history keeps all of it. Sensors that it created stay. Fails with the code CONFLICT where it was undone before, or where one of its readings was corrected or deleted since. Needs the scope ADMIN.',
  })
  async undoImport(
    @Arg('id', () => ID, { description: 'The id of the import.' }) id: string,
    @Arg('reasonCode', () => ReasonCode, { nullable: true, description: REASON_CODE })
    reasonCode: string | null,
    @Arg('comment', () => String, { nullable: true, description: COMMENT })
    comment: string | null,
    @Ctx() { principal, services, sensorLoaders }: GraphQLContext,
  ): Promise<PingImport> {
    sensorLoaders.forget();
    const reason = { ...(reasonCode && { reasonCode }), ...(comment && { comment }) };
    return shown(await services.importLog.undo(principal, readId(id) ?? NO_ID, reason));
  }
}

function shown({ options, ...logged }: LoggedImport): PingImport {
  return { ...logged, options: JSON.stringify(options), sensors: [...logged.sensors] };
}
