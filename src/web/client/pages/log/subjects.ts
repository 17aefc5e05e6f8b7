import type { AccountLogKind, AuditEventType } from '../../../../generated/graphql/graphql.js';

/** What entries are about, as users choose them. */
export interface LogSubject {
  readonly key: SubjectKey;
  readonly name: string;
  readonly kinds: readonly AccountLogKind[];
  /** of the events */
  readonly types: readonly AuditEventType[];
  /** whether only administrators read any of it */
  readonly isForAdmins: boolean;
}

type SubjectKey = 'readings' | 'settings' | 'signing-in' | 'people' | 'webhooks' | 'statements';

/** What every type of event is about: a new one does not compile until it is here. */
const ABOUT: Readonly<Record<AuditEventType, SubjectKey>> = {
  PINGS_CORRECTED: 'readings',
  PINGS_DELETED: 'readings',
  PINGS_SUBSTITUTED: 'readings',
  SUBSTITUTION_REVERSED: 'readings',
  READING_FLAGS_RESOLVED: 'readings',
  PINGS_IMPORTED: 'readings',
  IMPORT_UNDONE: 'readings',
  PINGS_THINNED: 'readings',
  SENSOR_CREATED: 'settings',
  SENSOR_CHANGED: 'settings',
  SENSOR_RETIRED: 'settings',
  SENSOR_RESTORED: 'settings',
  SENSOR_DELETED: 'settings',
  CALENDAR_SAVED: 'settings',
  CALENDAR_DELETED: 'settings',
  SENSOR_GROUP_CREATED: 'settings',
  SENSOR_GROUP_CHANGED: 'settings',
  SENSOR_GROUP_MEMBERS_SET: 'settings',
  SENSOR_GROUP_DELETED: 'settings',
  PING_RETENTION_SET: 'settings',
  SIGNED_IN: 'signing-in',
  SIGN_IN_FAILED: 'signing-in',
  SIGNED_OUT: 'signing-in',
  SIGNED_OUT_EVERYWHERE: 'signing-in',
  SESSION_ENDED: 'signing-in',
  OTHER_SESSIONS_ENDED: 'signing-in',
  ACCOUNT_CREATED: 'people',
  INVITATION_CREATED: 'people',
  INVITATION_REVOKED: 'people',
  USER_CREATED: 'people',
  USER_DISABLED: 'people',
  USER_ENABLED: 'people',
  USER_ROLE_CHANGED: 'people',
  USER_PASSWORD_CHANGED: 'people',
  USER_DELETED: 'people',
  USER_IDENTITY_CHANGED: 'people',
  USER_TOTP_CONFIRMED: 'people',
  USER_TOTP_REMOVED: 'people',
  USER_TOTP_RESET: 'people',
  TOKEN_CREATED: 'people',
  TOKEN_REVOKED: 'people',
  WEBHOOK_ENDPOINT_CREATED: 'webhooks',
  WEBHOOK_ENDPOINT_CHANGED: 'webhooks',
  WEBHOOK_ENDPOINT_DELETED: 'webhooks',
  WEBHOOK_SECRET_REVEALED: 'webhooks',
  WEBHOOK_SECRET_ROTATED: 'webhooks',
  WEBHOOK_PREVIOUS_SECRET_REVOKED: 'webhooks',
  STATEMENT_ISSUED: 'statements',
  PERIOD_CLOSED: 'statements',
  PERIOD_REOPENED: 'statements',
  ADJUSTMENTS_ACCEPTED: 'statements',
  ADJUSTMENTS_REJECTED: 'statements',
};

export const SUBJECTS: readonly LogSubject[] = [
  subject('readings', 'Readings', 'REVISION'),
  subject('settings', 'Sensors and settings', 'SETTING'),
  subject('signing-in', 'Signing in'),
  subject('people', 'Users and tokens'),
  subject('webhooks', 'Webhooks'),
  subject('statements', 'Statements and periods'),
];

/** @param kind of entries besides events, which viewers read too */
function subject(key: SubjectKey, name: string, kind?: AccountLogKind): LogSubject {
  const types = (Object.keys(ABOUT) as AuditEventType[]).filter((type) => ABOUT[type] === key);
  const kinds: readonly AccountLogKind[] = kind ? [kind, 'EVENT'] : ['EVENT'];
  return { key, name, kinds, types, isForAdmins: kind === undefined };
}
