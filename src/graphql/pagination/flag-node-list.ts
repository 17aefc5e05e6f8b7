import type { FlagFilter, ReadingFlag } from '../../domain/pings/reading-flags.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';

const KIND = 'reading flag';

/** The account's flags that a filter selects, newest first. A flag's position is its number. */
export class FlagNodeList implements NodeList<ReadingFlag, string> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<string>,
    private readonly filter: FlagFilter,
  ) {}

  readonly page = lazy(async () => {
    const { principal, services } = this.context;
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const { flags, more } = await services.readingFlags.window(principal, this.filter, window);
    return { nodes: flags, more };
  });

  /** Flags are never removed; the one that a cursor names may be settled since. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: ReadingFlag): string {
    return writeCursor(KIND, id.slice(id.indexOf('-') + 1));
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.readingFlags.count(principal, this.filter);
  }
}

/** The number of a cursor of flags; undefined where it is not one. */
export function flagPosition(cursor: string): string | undefined {
  return readIdCursor(KIND, cursor);
}
