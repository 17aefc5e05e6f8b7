import {
  isLogKind,
  type AskedLog,
  type LogEntry,
  type LogPosition,
} from '../../domain/log/account-log.js';
import type { PingRevision } from '../../domain/pings/revisions.js';
import type { GraphQLContext } from '../execution/context.js';
import { lazy } from '../loaders/lazy.js';
import type { NodeList } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { PageRequest } from './page-request.js';

const KIND = 'account log';

/** An entry as the fields of its type are resolved. */
type Node = Omit<LogEntry, 'at' | 'revision'> & {
  readonly at: Date;
  readonly revision?: PingRevision & { readonly reason: string | null };
};

/** The account's log, newest entry first. An entry's position is its instant, kind and id. */
export class AccountLogNodeList implements NodeList<Node, LogPosition> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<LogPosition>,
    private readonly filter: AskedLog,
  ) {}

  readonly page = lazy(async () => {
    const { principal, services } = this.context;
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const { entries, more } = await services.accountLog.window(principal, this.filter, window);
    return { nodes: entries.map(nodeOf), more };
  });

  /** Entries are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ at, kind, id }: Node): string {
    return writeCursor(KIND, at.getTime(), kind, id);
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.accountLog.count(principal, this.filter);
  }
}

/** The place of a cursor of the log; undefined where it is not one. */
export function accountLogPosition(cursor: string): LogPosition | undefined {
  const [at, kind, id] = readCursor(KIND, cursor) ?? [];
  const isPlace =
    typeof at === 'number' && Number.isSafeInteger(at) && Math.abs(at) <= MAX_INSTANT_MS;
  const isId = typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id);
  return isPlace && isLogKind(kind) && isId ? { at, kind, id } : undefined;
}

/** https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MAX_INSTANT_MS = 8.64e15;

function nodeOf({ at, revision, ...entry }: LogEntry): Node {
  return {
    ...entry,
    at: new Date(at),
    // `reason` is an older name of the comment.
    ...(revision && { revision: { ...revision, reason: revision.comment } }),
  };
}
