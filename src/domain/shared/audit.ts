import type { ActorType, AuditEntry, SubjectType } from '../../storage/audit/audit-entry.js';
import type { Principal } from './principal.js';

export type { AuditEntry } from '../../storage/audit/audit-entry.js';

export const AUDIT_EVENT_TYPES = [
  ...(['SIGNED_IN', 'SIGN_IN_FAILED', 'SIGNED_OUT', 'SIGNED_OUT_EVERYWHERE'] as const),
  ...(['SESSION_ENDED', 'OTHER_SESSIONS_ENDED', 'USER_CREATED'] as const),
  ...(['USER_DISABLED', 'USER_ENABLED', 'USER_ROLE_CHANGED'] as const),
  ...(['USER_TOTP_CONFIRMED', 'USER_TOTP_REMOVED', 'USER_TOTP_RESET'] as const),
  'USER_IDENTITY_CHANGED' as const,
  ...(['INVITATION_CREATED', 'INVITATION_REVOKED'] as const),
  ...(['USER_PASSWORD_CHANGED', 'USER_DELETED', 'TOKEN_CREATED', 'TOKEN_REVOKED'] as const),
  ...(['SENSOR_CREATED', 'SENSOR_CHANGED', 'SENSOR_RETIRED', 'SENSOR_RESTORED'] as const),
  ...(['SENSOR_DELETED', 'WEBHOOK_ENDPOINT_CREATED', 'WEBHOOK_ENDPOINT_CHANGED'] as const),
  ...(['WEBHOOK_ENDPOINT_DELETED', 'WEBHOOK_SECRET_REVEALED', 'WEBHOOK_SECRET_ROTATED'] as const),
  ...(['WEBHOOK_PREVIOUS_SECRET_REVOKED', 'PINGS_CORRECTED', 'PINGS_DELETED'] as const),
  ...(['READING_FLAGS_RESOLVED'] as const),
  ...(['PINGS_SUBSTITUTED', 'SUBSTITUTION_REVERSED'] as const),
  ...(['PINGS_IMPORTED', 'IMPORT_UNDONE', 'CALENDAR_SAVED', 'CALENDAR_DELETED'] as const),
  ...(['STATEMENT_ISSUED', 'SENSOR_GROUP_CREATED', 'SENSOR_GROUP_CHANGED'] as const),
  ...(['SENSOR_GROUP_MEMBERS_SET', 'SENSOR_GROUP_DELETED', 'ACCOUNT_CREATED'] as const),
  ...(['PERIOD_CLOSED', 'PERIOD_REOPENED'] as const),
  ...(['ADJUSTMENTS_ACCEPTED', 'ADJUSTMENTS_REJECTED'] as const),
  ...(['PING_RETENTION_SET', 'PINGS_THINNED'] as const),
] as const;
export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

export const ACTOR_TYPES = ['USER', 'TOKEN', 'OPERATOR'] as const satisfies readonly ActorType[];
export const SUBJECT_TYPES = [
  ...(['USER', 'TOKEN', 'SENSOR', 'WEBHOOK_ENDPOINT', 'ACCOUNT', 'STATEMENT'] as const),
  ...(['SENSOR_GROUP', 'INVITATION'] as const),
] as const satisfies readonly SubjectType[];

/** What an event is about. */
export interface Subject {
  readonly type: SubjectType;
  readonly id?: string | number | null;
  /** of a sensor: looked up where it is not given */
  readonly name?: string | null;
}

/** An event of something that a principal does. */
export function auditEntry(
  principal: Principal,
  type: AuditEventType,
  { type: subjectType, id = null, name = null }: Subject,
  details: AuditEntry['details'] = {},
): AuditEntry {
  const { accountId, address = null } = principal;
  const subject = { subjectType, subjectId: id === null ? null : String(id), subjectName: name };
  return { accountId, type, ...actorOf(principal), address, ...subject, details };
}

/** What kind of actor a principal is, and its name. */
export function actorOf({ actor }: Principal): { actorType: ActorType; actorName: string } {
  if (actor.kind === 'user') return { actorType: 'USER', actorName: actor.username };
  if (actor.kind === 'token') return { actorType: 'TOKEN', actorName: actor.name };
  return { actorType: 'OPERATOR', actorName: actor.osUser ?? 'operator' };
}
