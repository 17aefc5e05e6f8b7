import { registerEnumType } from 'type-graphql';
import { SENSOR_PARAMETERS } from '../../domain/sensors/configurations.js';
import { VOLUME_INTERVALS } from '../../domain/volumes/calendar.js';
import { ACTOR_TYPES, AUDIT_EVENT_TYPES, SUBJECT_TYPES } from '../../domain/shared/audit.js';
import { PING_METHODS, SUBSTITUTION_METHODS } from '../../domain/pings/substitutions.js';
import { QUALITIES } from '../../domain/pings/quality.js';
import { ROLES, SCOPES } from '../../domain/shared/principal.js';

export const PingOrder = enumOf(['NEWEST_FIRST', 'OLDEST_FIRST']);
export const VolumeMethod = enumOf(['LINEAR', 'STEP']);
export const VolumeInterval = enumOf(VOLUME_INTERVALS);
export const OnConflict = enumOf(['REJECT', 'OVERWRITE']);
export const HistoryUpdateType = enumOf(['INSERT', 'REPLACE', 'DELETE']);
export const Quality = enumOf(QUALITIES);
export const PingMethod = enumOf(PING_METHODS);
export const SubstitutionMethod = enumOf(SUBSTITUTION_METHODS);
export const Scope = enumOf(SCOPES);
export const Role = enumOf(ROLES);
export const FlowSensorOrderField = enumOf(['ID', 'NAME']);
export const OrderDirection = enumOf(['ASC', 'DESC']);
export const AuditEventType = enumOf(AUDIT_EVENT_TYPES);
export const AuditActorType = enumOf(ACTOR_TYPES);
export const AuditSubjectType = enumOf(SUBJECT_TYPES);
export const RetiredSensors = enumOf(['EXCLUDE', 'INCLUDE', 'ONLY']);
export const SensorParameter = enumOf(SENSOR_PARAMETERS);

registerEnumType(PingOrder, {
  name: 'PingOrder',
  description: 'The order of pings by datetime.',
  valuesConfig: {
    NEWEST_FIRST: { description: 'From the latest datetime to the earliest.' },
    OLDEST_FIRST: { description: 'From the earliest datetime to the latest.' },
  },
});
registerEnumType(VolumeMethod, {
  name: 'VolumeMethod',
  description: 'How the flowrate is taken to change between two consecutive pings.',
  valuesConfig: {
    LINEAR: { description: 'The flowrate changes linearly (trapezoid rule).' },
    STEP: {
      description:
        'The flowrate of a ping lasts until the next ping (last observation carried forward).',
    },
  },
});
registerEnumType(VolumeInterval, {
  name: 'VolumeInterval',
  description: 'The length of the intervals that a range is divided into.',
  valuesConfig: {
    HOUR: { description: 'The clock hour of UTC, independent of `timeZone` and `dayStart`.' },
    DAY: {
      description:
        'The local day, from one `dayStart` to the next. It has 23 or 25 hours where clocks change.',
    },
    WEEK: { description: 'The local week, from Monday at `dayStart`.' },
    MONTH: { description: 'The local calendar month, from the 1st at `dayStart`.' },
  },
});
registerEnumType(OnConflict, {
  name: 'OnConflict',
  description: 'What happens to a ping that is already stored with another flowrate.',
  valuesConfig: {
    REJECT: { description: 'The whole request fails with the code CONFLICT.' },
    OVERWRITE: {
      description: 'The stored flowrate is corrected; the history keeps the previous one.',
    },
  },
});
registerEnumType(HistoryUpdateType, {
  name: 'HistoryUpdateType',
  description: 'What a revision did to the history of a sensor’s readings, as in OPC UA Part 11.',
  valuesConfig: {
    INSERT: {
      description:
        'A ping was inserted late: before the sensor’s newest ping by more than its `maxGap`.',
    },
    REPLACE: { description: 'A ping’s flowrate was corrected.' },
    DELETE: { description: 'A ping was deleted.' },
  },
});
registerEnumType(Quality, {
  name: 'Quality',
  description: 'How far a reading can be trusted, as in OPC.',
  valuesConfig: {
    GOOD: { description: 'The reading is good: severity 192 in OPC.' },
    UNCERTAIN: {
      description:
        'The reading is doubtful (severity 64). It counts in volumes, whose status says so.',
    },
    BAD: {
      description:
        'The reading is not to be used (severity 0). It is stored and listed, but counts in no volume: the flowrate runs between the readings on either side.',
    },
  },
});
registerEnumType(PingMethod, {
  name: 'PingMethod',
  description: 'How a reading came about.',
  valuesConfig: {
    MEASURED: { description: 'A device or its operator reported it.' },
    ESTIMATED: {
      description:
        'A substitution computed it from other readings (LINEAR_INTERPOLATION, AVERAGE).',
    },
    SUBSTITUTED: {
      description: 'A substitution recorded it with a given value (REPLACE, EQUAL_SPREAD).',
    },
    MANUALLY_EDITED: { description: 'Its flowrate was corrected by a person.' },
  },
});
registerEnumType(SubstitutionMethod, {
  name: 'SubstitutionMethod',
  description: 'How the flowrates of substitutes are found.',
  valuesConfig: {
    LINEAR_INTERPOLATION: {
      description:
        'They lie on the line from the last reading before the range to the first one at or after its end.',
    },
    AVERAGE: {
      description:
        'All are the average flowrate over as long a time as the range is, up to the last reading before it.',
    },
    REPLACE: { description: 'All are the given flowrate, in bbl/d.' },
    EQUAL_SPREAD: {
      description: 'All are the flowrate that makes the given volume, in barrels, over the range.',
    },
  },
});
registerEnumType(Scope, {
  name: 'Scope',
  description: 'What a credential may do.',
  valuesConfig: {
    READ: { description: 'Run queries and subscriptions.' },
    INGEST: { description: 'Record new pings.' },
    ADMIN: {
      description:
        'READ and INGEST, and correct or delete pings and manage sensors, webhooks and tokens.',
    },
  },
});
registerEnumType(Role, {
  name: 'Role',
  description: 'What a user may do.',
  valuesConfig: {
    VIEWER: { description: 'The user has the scope READ.' },
    ADMIN: { description: 'The user has the scope ADMIN.' },
  },
});
registerEnumType(FlowSensorOrderField, {
  name: 'FlowSensorOrderField',
  description: 'What flow sensors are sorted by.',
  valuesConfig: {
    ID: { description: 'By id, as a number.' },
    NAME: { description: 'By name, and by id among equal names.' },
  },
});
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'The direction of a sort.',
  valuesConfig: {
    ASC: { description: 'Ascending: the smallest first.' },
    DESC: { description: 'Descending: the largest first.' },
  },
});
registerEnumType(AuditActorType, {
  name: 'AuditActorType',
  description: 'What kind of actor did something.',
  valuesConfig: {
    USER: { description: 'A user, by password or session.' },
    TOKEN: { description: 'An API token.' },
    OPERATOR: { description: 'The operating-system user of a command.' },
  },
});
registerEnumType(AuditSubjectType, {
  name: 'AuditSubjectType',
  description: 'What kind of object something was done to.',
  valuesConfig: {
    USER: { description: 'A user.' },
    TOKEN: { description: 'An API token.' },
    SENSOR: { description: 'A flow sensor, or its pings.' },
    WEBHOOK_ENDPOINT: { description: 'A webhook endpoint; its name is the origin of its URL.' },
    ACCOUNT: { description: 'The account as a whole.' },
    STATEMENT: { description: 'A measurement statement; its id is its number.' },
    SENSOR_GROUP: { description: 'A sensor group.' },
    INVITATION: { description: 'An invitation; its name is the username that it proposes.' },
  },
});
registerEnumType(AuditEventType, {
  name: 'AuditEventType',
  description: 'What was done.',
  valuesConfig: {
    SIGNED_IN: { description: 'A user signed in to the web pages.' },
    SIGN_IN_FAILED: {
      description:
        'A wrong password or code was given for a user, or the user is disabled or was refused.',
    },
    SIGNED_OUT: { description: 'A user ended the session of a browser by signing out in it.' },
    SIGNED_OUT_EVERYWHERE: { description: 'All sessions of a user were ended.' },
    SESSION_ENDED: {
      description:
        'One session of a user was ended, by the user from another one or by an administrator.',
    },
    OTHER_SESSIONS_ENDED: {
      description: 'A user ended all of their sessions but the one in use.',
    },
    INVITATION_CREATED: { description: 'A person was invited by a link.' },
    INVITATION_REVOKED: { description: 'An invitation was revoked.' },
    USER_CREATED: { description: 'A user was created, or accepted an invitation.' },
    USER_DISABLED: { description: 'A user was disabled.' },
    USER_ENABLED: { description: 'A user was enabled.' },
    USER_ROLE_CHANGED: { description: 'A user got another role.' },
    USER_PASSWORD_CHANGED: { description: 'A user got another password.' },
    USER_DELETED: { description: 'A user was deleted.' },
    USER_IDENTITY_CHANGED: {
      description: 'A user was made one of an OpenID Connect provider, or no longer is one.',
    },
    USER_TOTP_CONFIRMED: { description: 'A user set up one-time passwords for signing in.' },
    USER_TOTP_REMOVED: { description: 'A user removed their one-time passwords.' },
    USER_TOTP_RESET: { description: 'The one-time passwords of a user were removed by another.' },
    TOKEN_CREATED: { description: 'An API token was created.' },
    TOKEN_REVOKED: { description: 'An API token was revoked.' },
    SENSOR_CREATED: { description: 'A flow sensor was created.' },
    SENSOR_CHANGED: { description: 'Settings of a flow sensor were changed.' },
    SENSOR_RETIRED: { description: 'A flow sensor was retired.' },
    SENSOR_RESTORED: { description: 'A retired flow sensor was returned to service.' },
    SENSOR_DELETED: { description: 'A flow sensor without pings was deleted.' },
    WEBHOOK_ENDPOINT_CREATED: { description: 'A webhook endpoint was created.' },
    WEBHOOK_ENDPOINT_CHANGED: { description: 'A webhook endpoint was changed.' },
    WEBHOOK_ENDPOINT_DELETED: { description: 'A webhook endpoint was deleted.' },
    WEBHOOK_SECRET_REVEALED: { description: 'The secret of a webhook endpoint was read.' },
    WEBHOOK_SECRET_ROTATED: { description: 'The secret of a webhook endpoint was replaced.' },
    WEBHOOK_PREVIOUS_SECRET_REVOKED: {
      description: 'The use of the previous secret of a webhook endpoint was ended.',
    },
    PINGS_CORRECTED: { description: 'Stored pings of a flow sensor were corrected.' },
    READING_FLAGS_RESOLVED: {
      description: 'Readings that failed checks were accepted or rejected.',
    },
    PINGS_DELETED: { description: 'Pings of a flow sensor were deleted.' },
    PINGS_SUBSTITUTED: { description: 'Pings of a flow sensor were replaced by substitutes.' },
    SUBSTITUTION_REVERSED: { description: 'What a substitution had replaced was put back.' },
    PINGS_IMPORTED: { description: 'A file of pings was imported.' },
    IMPORT_UNDONE: { description: 'The import of a file was undone.' },
    CALENDAR_SAVED: { description: 'A calendar was created or replaced.' },
    CALENDAR_DELETED: { description: 'A calendar was deleted.' },
    STATEMENT_ISSUED: { description: 'A measurement statement was issued.' },
    SENSOR_GROUP_CREATED: { description: 'A sensor group was created.' },
    SENSOR_GROUP_CHANGED: {
      description:
        'The name, the calendar or a threshold of the imbalance of a sensor group was changed.',
    },
    SENSOR_GROUP_MEMBERS_SET: { description: 'The members of a sensor group were replaced.' },
    SENSOR_GROUP_DELETED: { description: 'A sensor group was deleted.' },
    ACCOUNT_CREATED: { description: 'The account was created.' },
    PERIOD_CLOSED: { description: 'A period of a sensor group was closed.' },
    PERIOD_REOPENED: { description: 'A closed period of a sensor group was reopened.' },
    ADJUSTMENTS_ACCEPTED: { description: 'Adjustments of closed periods were accepted.' },
    ADJUSTMENTS_REJECTED: { description: 'Adjustments of closed periods were rejected.' },
    PING_RETENTION_SET: { description: 'It was set how long all readings are kept.' },
    PINGS_THINNED: { description: 'The server thinned readings that were old enough.' },
  },
});
registerEnumType(RetiredSensors, {
  name: 'RetiredSensors',
  description: 'Whether a list has retired sensors.',
  valuesConfig: {
    EXCLUDE: { description: 'Only sensors in service.' },
    INCLUDE: { description: 'Sensors in service and retired ones.' },
    ONLY: { description: 'Only retired sensors.' },
  },
});
registerEnumType(SensorParameter, {
  name: 'SensorParameter',
  description: 'A setting of a flow sensor whose changes are logged.',
  valuesConfig: {
    NAME: { description: 'The name.' },
    LATITUDE: { description: 'The latitude in degrees (WGS 84).' },
    LONGITUDE: { description: 'The longitude in degrees (WGS 84).' },
    PIPE_DIAMETER: { description: 'The diameter of the pipe in inches.' },
    ACTIVATED_AT: { description: 'When the sensor was activated, in ISO 8601.' },
    MAX_GAP: { description: 'The longest normal time between two pings, in seconds.' },
    METHOD: { description: 'LINEAR or STEP.' },
    METER_FACTOR: { description: 'By which volumes are multiplied.' },
    TOTALIZER_ROLLOVER: {
      description: 'At which the meter’s own totalizer begins again at 0, in barrels.',
    },
    CALENDAR: { description: 'The name of its calendar.' },
    CHECKS: { description: 'What its readings are checked for, as JSON; flowrates in bbl/d.' },
    TAGS: { description: 'Its tags, with a comma and a space between two.' },
    ENTRY_UNIT: { description: 'The unit in which flowrates come in, such as m3/h.' },
    RETIRED_AT: { description: 'When the sensor was retired, in ISO 8601.' },
    CONTINUES_SENSOR: { description: 'The id of the sensor that it replaced.' },
    CONTINUES_FROM: { description: 'From when on it continues that sensor, in ISO 8601.' },
  },
});
/** `{ A: 'A', … }`, as type-graphql takes enums. */
export function enumOf<Name extends string>(names: readonly Name[]): { readonly [N in Name]: N } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [N in Name]: N };
}
