import { ArgsType, Field, Int } from 'type-graphql';
import { InvalidInputError } from '../../domain/shared/errors.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;

/** https://relay.dev/graphql/connections.htm#sec-Arguments */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `At most ${MAX_PAGE_SIZE}; without first or last, ${DEFAULT_PAGE_SIZE}.`,
  })
  first?: number | null | undefined;

  @Field(() => String, { nullable: true })
  after?: string | null | undefined;

  @Field(() => Int, { nullable: true })
  last?: number | null;

  @Field(() => String, { nullable: true })
  before?: string | null;
}

/** A page asked for: so many from one end of what lies between two positions, both exclusive. */
export interface PageRequest<Position> {
  readonly after: Position | undefined;
  readonly before: Position | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
  /** of those taken, the last so many alone are shown */
  readonly keep: number;
}

/**
 * Of `first` and `last` together the Relay specification says: the last ones of the first ones.
 *
 * @param positionOf reads a cursor; undefined where it is none of this list
 * @throws InvalidInputError naming the argument
 */
export function pageRequest<Position>(
  { first, after, last, before }: ConnectionArgs,
  positionOf: (cursor: string) => Position | undefined,
): PageRequest<Position> {
  const forwards = sizeOf('first', first);
  const backwards = sizeOf('last', last);
  const position = (argument: string, cursor: string | null | undefined) => {
    if (cursor === undefined || cursor === null) return undefined;
    const found = positionOf(cursor);
    if (found === undefined) {
      throw InvalidInputError.of(
        argument,
        `Must be a cursor of this list; got ${JSON.stringify(cursor)}.`,
      );
    }
    return found;
  };
  return {
    after: position('after', after),
    before: position('before', before),
    take: forwards ?? backwards ?? DEFAULT_PAGE_SIZE,
    from: forwards === undefined && backwards !== undefined ? 'last' : 'first',
    keep: backwards ?? MAX_PAGE_SIZE,
  };
}

function sizeOf(argument: 'first' | 'last', size: number | null | undefined): number | undefined {
  if (size === undefined || size === null) return undefined;
  if (size >= 0 && size <= MAX_PAGE_SIZE) return size;
  throw InvalidInputError.of(argument, `Must be from 0 to ${MAX_PAGE_SIZE}; got ${size}.`);
}
