import { ArgsType, Field, Int } from 'type-graphql';
import { InvalidInputError } from '../../domain/shared/errors.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;

const FIRST = `The number of nodes to return from the start of the list, 0 to ${MAX_PAGE_SIZE}. Without \`first\` and \`last\` it is ${DEFAULT_PAGE_SIZE}.`;
const AFTER =
  'Only nodes after this cursor, which an earlier page of the same list returned. Null: from the start.';
const LAST = `The number of nodes to return from the end of the list, 0 to ${MAX_PAGE_SIZE}. With \`first\`, the last of those.`;
const BEFORE =
  'Only nodes before this cursor, which an earlier page of the same list returned. Null: to the end.';

/** https://relay.dev/graphql/connections.htm#sec-Arguments */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true, description: FIRST })
  first?: number | null | undefined;

  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null | undefined;

  @Field(() => Int, { nullable: true, description: LAST })
  last?: number | null;

  @Field(() => String, { nullable: true, description: BEFORE })
  before?: string | null;
}

/**
 * The page to read: up to `take` nodes from one end of what lies between two positions, both
 * exclusive.
 */
export interface PageRequest<Position> {
  readonly after: Position | undefined;
  readonly before: Position | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
  /** of the nodes taken, only the last `keep` are returned */
  readonly keep: number;
}

/**
 * With both `first` and `last`, the Relay specification returns the last ones of the first ones.
 *
 * @param positionOf reads a cursor; undefined where it is not a cursor of this list
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
