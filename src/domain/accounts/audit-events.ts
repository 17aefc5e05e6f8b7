import type {
  AuditFilter,
  AuditRow,
  AuditStore,
  AuditWindow,
} from '../../storage/audit/audit-store.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { formatInstant } from '../shared/time.js';

export type { AuditFilter, AuditWindow } from '../../storage/audit/audit-store.js';

/** Who did what, to what, when and from where. It never changes. */
export interface AuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly type: string;
  readonly actorType: AuditRow['actor_type'];
  /** a username, a token's name, or the operating-system user of a command */
  readonly actorName: string;
  /** the client's IP address; null for a command */
  readonly address: string | null;
  readonly subjectType: AuditRow['subject_type'];
  readonly subjectId: string | null;
  /** as it was called then */
  readonly subjectName: string | null;
  readonly details: AuditRow['details'];
}

const EXPORT_PAGE = 1000;

/** The log of what people and machines did in an account. Every call needs ADMIN. */
export class AuditEvents {
  constructor(private readonly store: AuditStore) {}

  /** Newest first, and whether there are more beyond the window. */
  async window(
    principal: Principal,
    filter: AuditFilter,
    window: AuditWindow,
  ): Promise<{ events: AuditEvent[]; more: boolean }> {
    requireScope(principal, 'ADMIN');
    const { take, from } = window;
    const rows = await this.store.window(principal, filter, {
      ...window,
      take: take + 1,
    });
    const events = rows.slice(0, take).map(eventOf);
    if (from === 'last') events.reverse();
    return { events, more: rows.length > take };
  }

  async count(principal: Principal, filter: AuditFilter): Promise<number> {
    requireScope(principal, 'ADMIN');
    return this.store.count(principal, filter);
  }

  /** Oldest first, a JSON object on each line; in constant memory. */
  async export(
    principal: Principal,
    filter: AuditFilter,
    write: (text: string) => Promise<void>,
  ): Promise<void> {
    requireScope(principal, 'ADMIN');
    let before: string | undefined;
    for (;;) {
      const window = { before, take: EXPORT_PAGE, from: 'last' } as const;
      const rows = await this.store.window(principal, filter, window);
      await write(rows.map((row) => `${JSON.stringify(lineOf(eventOf(row)))}\n`).join(''));
      if (rows.length < EXPORT_PAGE) return;
      before = rows.at(-1)!.id;
    }
  }
}

function lineOf({ at, ...event }: AuditEvent): object {
  const { id, ...rest } = event;
  return { id, at: formatInstant(at), ...rest };
}

export function eventOf(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    at: new Date(row.at),
    type: row.type,
    actorType: row.actor_type,
    actorName: row.actor_name,
    address: row.address,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    details: row.details,
  };
}
