import type { Statement } from '../../postgres/database.js';
import { instantParameter } from '../../postgres/instant-parameter.js';

/** Which events of an account are meant: those that meet every condition given. */
export interface AuditFilter {
  /** the actor's name */
  readonly actor?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  /** half-open */
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** Events in a row, newest first, between two of them, both exclusive, taken from one end. */
export interface AuditWindow {
  /** newer than all of them */
  readonly after?: string | undefined;
  /** older than all of them */
  readonly before?: string | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

interface Selection {
  readonly statement: Statement;
  readonly values: unknown[];
}

const COLUMNS = `id, round(date_part('epoch', at) * 1000) AS at, type, actor_type, actor_name, address,
  subject_type, subject_id, subject_name, details`;

/** A statement has only the conditions that apply; its name lists them. */
export function auditWindow(
  accountId: number,
  filter: AuditFilter,
  { after, before, take, from }: AuditWindow,
): Selection {
  const values: unknown[] = [accountId, take];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const conditions = {
    ...conditionsOf(filter, bound),
    ...(after !== undefined && { after: `id < ${bound(after)}::bigint` }),
    ...(before !== undefined && { before: `id > ${bound(before)}::bigint` }),
  };
  const order = from === 'first' ? 'DESC' : 'ASC';
  const text = `
    SELECT ${COLUMNS} FROM audit_event
    WHERE ${['account_id = $1', ...Object.values(conditions)].join(' AND ')}
    ORDER BY id ${order} LIMIT $2`;
  const name = ['audit_events', order.toLowerCase(), ...Object.keys(conditions)].join('_');
  return { statement: { name, text }, values };
}

export function auditCount(accountId: number, filter: AuditFilter): Selection {
  const values: unknown[] = [accountId];
  const conditions = conditionsOf(filter, (value) => `$${values.push(value)}`);
  const text = `
    SELECT count(*)::float8 AS count FROM audit_event
    WHERE ${['account_id = $1', ...Object.values(conditions)].join(' AND ')}`;
  const name = ['audit_event_count', ...Object.keys(conditions)].join('_');
  return { statement: { name, text }, values };
}

function conditionsOf(
  { actor, types, subjectType, subjectId, start, end }: AuditFilter,
  bound: (value: unknown) => string,
): Record<string, string> {
  return {
    ...(actor !== undefined && { actor: `actor_name = ${bound(actor)}` }),
    ...(types && { types: `type = ANY(${bound(types)}::text[])` }),
    ...(subjectType && { subject: `subject_type = ${bound(subjectType)}` }),
    ...(subjectId !== undefined && { subject_id: `subject_id = ${bound(subjectId)}` }),
    ...(start && { start: `at >= ${bound(instantParameter(start))}::timestamptz` }),
    ...(end && { end: `at < ${bound(instantParameter(end))}::timestamptz` }),
  };
}
