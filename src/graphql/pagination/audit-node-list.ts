import type { AuditEvent, AuditFilter } from '../../domain/accounts/audit-events.js';
import type { NodeList } from './connection.js';
import type { GraphQLContext } from '../execution/context.js';
import { readIdCursor, writeCursor } from './cursor.js';
import { lazy } from '../loaders/lazy.js';
import type { PageRequest } from './page-request.js';

const KIND = 'audit event';

/** The account's audit events that a filter selects, newest first. An event's position is its id. */
export class AuditNodeList implements NodeList<AuditEvent, string> {
  constructor(
    private readonly context: GraphQLContext,
    readonly request: PageRequest<string>,
    private readonly filter: AuditFilter,
  ) {}

  readonly page = lazy(async () => {
    const { principal, services } = this.context;
    const { after, before, take, from } = this.request;
    const window = { after, before, take, from };
    const { events, more } = await services.auditEvents.window(principal, this.filter, window);
    return { nodes: events, more };
  });

  /** Events are never removed, so the one that a cursor names exists. */
  reaches(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cursorOf({ id }: AuditEvent): string {
    return writeCursor(KIND, id);
  }

  count(): Promise<number> {
    const { principal, services } = this.context;
    return services.auditEvents.count(principal, this.filter);
  }
}

/** The id of a cursor of events; undefined where it is not one. */
export function auditPosition(cursor: string): string | undefined {
  return readIdCursor(KIND, cursor);
}
