import type { AuditRow } from '../audit/audit-store.js';
import type { PingRevisionRow } from '../pings/revision-store.js';
import type { Database } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import type { ConfigurationChangeRow } from '../sensors/configuration-store.js';
import {
  LOG_KINDS,
  logCount,
  logWindow,
  type LogFilter,
  type LogKind,
  type LogWindow,
} from './sql/account-log.js';

export {
  LOG_KINDS,
  type LogFilter,
  type LogKind,
  type LogPosition,
  type LogWindow,
} from './sql/account-log.js';

/** A record as its own table's statements return it. */
export type LogRecord =
  | { readonly kind: 'REVISION'; readonly record: PingRevisionRow }
  | { readonly kind: 'SETTING'; readonly record: ConfigurationChangeRow }
  | { readonly kind: 'EVENT'; readonly record: AuditRow };

export type LogRow = LogRecord & {
  readonly id: string;
  /** milliseconds since 1970 */
  readonly at: number;
  readonly sensorId: number | null;
  readonly sensorName: string | null;
};

interface StoredRow extends Record<string, unknown> {
  readonly rank: number;
  readonly id: string;
  readonly at: number;
  readonly sensor_id: number | null;
  readonly sensor_name: string | null;
  readonly record: unknown;
}

/** Reads revisions, changes of settings and audit events of an account as one list. */
export class AccountLogStore {
  constructor(private readonly database: Database) {}

  /** From the newest or from the oldest one on. */
  async window(reader: Reader, filter: LogFilter, window: LogWindow): Promise<LogRow[]> {
    const { statement, values } = logWindow(reader.accountId, filter, window);
    const rows = await this.database.reads.query<StoredRow>(reader, statement, values);
    return rows.map(({ rank, id, at, sensor_id, sensor_name, record }) => ({
      ...({ kind: LOG_KINDS[rank], record } as LogRecord),
      ...{ id, at, sensorId: sensor_id, sensorName: sensor_name },
    }));
  }

  async count(reader: Reader, filter: LogFilter): Promise<number> {
    const { statement, values } = logCount(reader.accountId, filter);
    const [row] = await this.database.reads.query<{ count: number }>(reader, statement, values);
    return row?.count ?? 0;
  }
}

export function isLogKind(value: unknown): value is LogKind {
  return LOG_KINDS.some((kind) => kind === value);
}
