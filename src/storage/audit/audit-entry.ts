import type { Prisma } from '../../generated/prisma/client.js';
import type { Queryable, Statement } from '../postgres/database.js';

export type ActorType = 'USER' | 'TOKEN' | 'OPERATOR';

export type SubjectType =
  | 'USER'
  | 'TOKEN'
  | 'SENSOR'
  | 'WEBHOOK_ENDPOINT'
  | 'ACCOUNT'
  | 'STATEMENT'
  | 'SENSOR_GROUP'
  | 'INVITATION';

/** An event to log. Names are copied, because what they name may be deleted; it has no secrets. */
export interface AuditEntry {
  readonly accountId: number;
  readonly type: string;
  readonly actorType: ActorType;
  readonly actorName: string;
  /** the client's IP address; null for a command */
  readonly address: string | null;
  readonly subjectType: SubjectType;
  readonly subjectId: string | null;
  readonly subjectName: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null | string[]>>;
}

/**
 * The name of a sensor is looked up where it is not given. $1 int account id, $2 text type, $3, $4
 * text actor's type and name, $5 text address, $6, $7, $8 text subject's type, id and name, $9
 * jsonb details
 */
export const logAuditEvent: Statement = {
  name: 'log_audit_event',
  text: `
    INSERT INTO audit_event
      (account_id, type, actor_type, actor_name, address, subject_type, subject_id, subject_name, details)
    SELECT $1::int, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text,
      coalesce($8::text, CASE WHEN $6 = 'SENSOR' THEN
        (SELECT name FROM flow_sensor WHERE account_id = $1 AND id = $7::int) END),
      $9::jsonb`,
};

/** Logs an event in the transaction of the change that it is about. */
export async function logEvent(transaction: Queryable, entry: AuditEntry): Promise<void> {
  await transaction.query(logAuditEvent, auditParameters(entry));
}

export function auditParameters(entry: AuditEntry): unknown[] {
  return [
    ...[entry.accountId, entry.type, entry.actorType, entry.actorName, entry.address],
    ...[entry.subjectType, entry.subjectId, entry.subjectName, JSON.stringify(entry.details)],
  ];
}

/** The same with Prisma Client. */
export async function createEvent(
  transaction: Pick<Prisma.TransactionClient, 'auditEvent'>,
  { details, ...entry }: AuditEntry,
): Promise<void> {
  await transaction.auditEvent.create({ data: { ...entry, details: { ...details } } });
}
