import type { Database, Statement } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { logEvent, type ActorType, type AuditEntry, type SubjectType } from './audit-entry.js';
import { auditCount, auditWindow, type AuditFilter, type AuditWindow } from './sql/audit-events.js';

export type { AuditFilter, AuditWindow } from './sql/audit-events.js';

/** An event as it is stored; its instant in milliseconds since 1970. */
export interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly actor_type: ActorType;
  readonly actor_name: string;
  readonly address: string | null;
  readonly subject_type: SubjectType;
  readonly subject_id: string | null;
  readonly subject_name: string | null;
  readonly details: AuditEntry['details'];
}

/** A user name that no account has makes no event. $1 text username, $2 text address */
const logFailedSignIn: Statement = {
  name: 'log_failed_sign_in',
  text: `
    INSERT INTO audit_event
      (account_id, type, actor_type, actor_name, address, subject_type, subject_id, subject_name, details)
    SELECT account_id, 'SIGN_IN_FAILED', 'USER', username, $2, 'USER', id::text, username, '{}'
    FROM app_user WHERE username = $1`,
};

/** Events of what people and machines do. */
export class AuditStore {
  constructor(private readonly database: Database) {}

  /** Logs what changes nothing; a change is logged in its own transaction. */
  log(entry: AuditEntry): Promise<void> {
    return logEvent(this.database, entry);
  }

  async signInFailed(username: string, address: string): Promise<void> {
    const values = [username, address];
    await this.database.credentials.query(logFailedSignIn, values);
  }

  /** From the newest or from the oldest one on. */
  window(reader: Reader, filter: AuditFilter, window: AuditWindow): Promise<AuditRow[]> {
    const { statement, values } = auditWindow(reader.accountId, filter, window);
    return this.database.reads.query<AuditRow & Record<string, unknown>>(reader, statement, values);
  }

  async count(reader: Reader, filter: AuditFilter): Promise<number> {
    const { statement, values } = auditCount(reader.accountId, filter);
    const [row] = await this.database.reads.query<{ count: number }>(reader, statement, values);
    return row?.count ?? 0;
  }
}
