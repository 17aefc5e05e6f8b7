import type { AccountLogKind, AuditEventType } from '../../../../generated/graphql/graphql.js';

/** What entries are about, as users choose them. */
export interface LogSubject {
  readonly key: string;
  readonly name: string;
  readonly kinds: readonly AccountLogKind[];
  /** of the events; undefined: all */
  readonly types?: readonly AuditEventType[];
  /** whether only administrators read any of it */
  readonly isForAdmins?: boolean;
}

export const SUBJECTS: readonly LogSubject[] = [
  {
    key: 'readings',
    name: 'Readings',
    kinds: ['REVISION', 'EVENT'],
    types: [
      ...(['PINGS_CORRECTED', 'PINGS_DELETED', 'PINGS_SUBSTITUTED'] as const),
      ...(['READING_FLAGS_RESOLVED'] as const),
      ...(['SUBSTITUTION_REVERSED', 'PINGS_IMPORTED', 'IMPORT_UNDONE'] as const),
    ],
  },
  {
    key: 'settings',
    name: 'Sensors and settings',
    kinds: ['SETTING', 'EVENT'],
    types: [
      ...(['SENSOR_CREATED', 'SENSOR_CHANGED', 'SENSOR_RETIRED', 'SENSOR_RESTORED'] as const),
      ...(['SENSOR_DELETED', 'CALENDAR_SAVED', 'CALENDAR_DELETED'] as const),
      ...(['SENSOR_GROUP_CREATED', 'SENSOR_GROUP_CHANGED'] as const),
      ...(['SENSOR_GROUP_MEMBERS_SET', 'SENSOR_GROUP_DELETED'] as const),
    ],
  },
  {
    key: 'signing-in',
    name: 'Signing in',
    kinds: ['EVENT'],
    types: [
      ...(['SIGNED_IN', 'SIGN_IN_FAILED', 'SIGNED_OUT', 'SIGNED_OUT_EVERYWHERE'] as const),
      ...(['SESSION_ENDED', 'OTHER_SESSIONS_ENDED'] as const),
    ],
    isForAdmins: true,
  },
  {
    key: 'people',
    name: 'Users and tokens',
    kinds: ['EVENT'],
    types: [
      ...(['ACCOUNT_CREATED', 'USER_CREATED', 'USER_DISABLED', 'USER_ENABLED'] as const),
      ...(['USER_ROLE_CHANGED', 'USER_PASSWORD_CHANGED', 'USER_DELETED'] as const),
      ...(['TOKEN_CREATED', 'TOKEN_REVOKED'] as const),
    ],
    isForAdmins: true,
  },
  {
    key: 'webhooks',
    name: 'Webhooks',
    kinds: ['EVENT'],
    types: [
      ...(['WEBHOOK_ENDPOINT_CREATED', 'WEBHOOK_ENDPOINT_CHANGED'] as const),
      ...(['WEBHOOK_ENDPOINT_DELETED', 'WEBHOOK_SECRET_REVEALED'] as const),
      ...(['WEBHOOK_SECRET_ROTATED', 'WEBHOOK_PREVIOUS_SECRET_REVOKED'] as const),
    ],
    isForAdmins: true,
  },
  {
    key: 'statements',
    name: 'Statements and periods',
    kinds: ['EVENT'],
    types: [
      ...(['STATEMENT_ISSUED', 'PERIOD_CLOSED', 'PERIOD_REOPENED'] as const),
      ...(['ADJUSTMENTS_ACCEPTED', 'ADJUSTMENTS_REJECTED'] as const),
    ],
    isForAdmins: true,
  },
];
