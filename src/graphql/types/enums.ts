import { registerEnumType } from 'type-graphql';
import { SENSOR_PARAMETERS } from '../../domain/sensors/configurations.js';
import { VOLUME_INTERVALS } from '../../domain/volumes/calendar.js';
import { ROLES, SCOPES } from '../../domain/shared/principal.js';

export const PingOrder = enumOf(['NEWEST_FIRST', 'OLDEST_FIRST']);
export const VolumeMethod = enumOf(['LINEAR', 'STEP']);
export const VolumeInterval = enumOf(VOLUME_INTERVALS);
export const OnConflict = enumOf(['REJECT', 'OVERWRITE']);
export const HistoryUpdateType = enumOf(['INSERT', 'REPLACE', 'DELETE']);
export const Scope = enumOf(SCOPES);
export const Role = enumOf(ROLES);
export const FlowSensorOrderField = enumOf(['ID', 'NAME']);
export const OrderDirection = enumOf(['ASC', 'DESC']);
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
    RETIRED_AT: { description: 'When the sensor was retired, in ISO 8601.' },
  },
});

/** `{ A: 'A', … }`, as type-graphql takes enums. */
function enumOf<Name extends string>(names: readonly Name[]): { readonly [N in Name]: N } {
  return Object.fromEntries(names.map((name) => [name, name])) as { [N in Name]: N };
}
