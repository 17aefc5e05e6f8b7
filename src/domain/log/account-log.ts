import {
  LOG_KINDS,
  type AccountLogStore,
  type LogFilter,
  type LogKind,
  type LogPosition,
  type LogRecord,
  type LogRow,
  type LogWindow,
} from '../../storage/log/account-log-store.js';
import { eventOf, type AuditEvent } from '../accounts/audit-events.js';
import { revisionOf, type PingRevision } from '../pings/revisions.js';
import { changeOf, type ConfigurationChange } from '../sensors/configurations.js';
import { InvalidInputError } from '../shared/errors.js';
import { requireScope, type Principal } from '../shared/principal.js';

export {
  isLogKind,
  LOG_KINDS,
  type LogKind,
  type LogPosition,
  type LogWindow,
} from '../../storage/log/account-log-store.js';

/** Which entries are asked for: those that meet every condition given. */
export interface AskedLog extends Omit<LogFilter, 'kinds'> {
  /** undefined: all that the principal may read */
  readonly kinds?: readonly LogKind[] | undefined;
}

/** One thing that was done in an account. Exactly one of `revision`, `setting` and `event` is set. */
export interface LogEntry extends LogPosition {
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly by: string;
  readonly sensorId: number | null;
  /** as an event has it, or as the sensor is called now */
  readonly sensorName: string | null;
  readonly revision?: PingRevision;
  readonly setting?: ConfigurationChange;
  readonly event?: AuditEvent;
}

const EXPORT_PAGE = 1000;

/**
 * What was done in an account, as one list: revisions of readings and changes of settings, which
 * need READ, and audit events, which need ADMIN.
 */
export class AccountLog {
  constructor(private readonly store: AccountLogStore) {}

  /** Newest first, and whether there are more beyond the window. */
  async window(
    principal: Principal,
    asked: AskedLog,
    window: LogWindow,
  ): Promise<{ entries: LogEntry[]; more: boolean }> {
    const filter = filterOf(principal, asked);
    if (!filter) return { entries: [], more: false };
    const { take, from } = window;
    const rows = await this.store.window(principal, filter, { ...window, take: take + 1 });
    const entries = rows.slice(0, take).map(entryOf);
    if (from === 'last') entries.reverse();
    return { entries, more: rows.length > take };
  }

  async count(principal: Principal, asked: AskedLog): Promise<number> {
    const filter = filterOf(principal, asked);
    return filter ? this.store.count(principal, filter) : 0;
  }

  /** All entries, oldest first, some at a time. */
  async *entries(principal: Principal, asked: AskedLog): AsyncGenerator<LogEntry[]> {
    const filter = filterOf(principal, asked);
    let before: LogPosition | undefined;
    while (filter) {
      const window = { before, take: EXPORT_PAGE, from: 'last' } as const;
      const rows = await this.store.window(principal, filter, window);
      yield rows.map(entryOf);
      if (rows.length < EXPORT_PAGE) return;
      before = rows.at(-1);
    }
  }
}

/** @returns undefined where no kind is asked for @throws ForbiddenError, InvalidInputError of `person` */
function filterOf(principal: Principal, { kinds, ...rest }: AskedLog): LogFilter | undefined {
  requireScope(principal, 'READ');
  const isAdmin = principal.scopes.has('ADMIN');
  const read = kinds ?? LOG_KINDS.filter((kind) => isAdmin || kind !== 'EVENT');
  if (read.includes('EVENT')) requireScope(principal, 'ADMIN');
  if (rest.person?.includes('\0')) {
    throw InvalidInputError.of('person', 'Must not contain control characters.');
  }
  return read.length === 0 ? undefined : { kinds: read, ...rest };
}

function entryOf(row: LogRow): LogEntry {
  const { kind, id, at, sensorId, sensorName } = row;
  return { kind, id, at, sensorId, sensorName, ...contentOf(row) };
}

function contentOf(row: LogRecord): Pick<LogEntry, 'by' | 'revision' | 'setting' | 'event'> {
  switch (row.kind) {
    case 'REVISION':
      return { by: row.record.revised_by, revision: revisionOf(row.record) };
    case 'SETTING':
      return { by: row.record.changed_by, setting: changeOf(row.record) };
    case 'EVENT': {
      const event = eventOf(row.record);
      const { actorType, actorName } = event;
      const by = actorType === 'OPERATOR' ? 'operator' : `${actorType.toLowerCase()}:${actorName}`;
      return { by, event };
    }
  }
}
