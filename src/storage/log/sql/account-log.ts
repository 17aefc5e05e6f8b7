import type { Statement } from '../../postgres/database.js';
import { instantParameter } from '../../postgres/instant-parameter.js';

/** The records that the log is made of; of one millisecond they come in this order, newest first. */
export const LOG_KINDS = ['REVISION', 'SETTING', 'EVENT'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** Which entries are meant: those that meet every condition given. */
export interface LogFilter {
  readonly kinds: readonly LogKind[];
  /** of events: their types */
  readonly types?: readonly string[] | undefined;
  readonly sensorId?: number | undefined;
  /** a username, a token's name, or `operator` */
  readonly person?: string | undefined;
  /** half-open */
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** The place of an entry in the log. */
export interface LogPosition {
  /** milliseconds since 1970 */
  readonly at: number;
  readonly kind: LogKind;
  readonly id: string;
}

/** Entries in a row, newest first, between two of them, both exclusive, taken from one end. */
export interface LogWindow {
  /** newer than all of them */
  readonly after?: LogPosition | undefined;
  /** older than all of them */
  readonly before?: LogPosition | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

interface Selection {
  readonly statement: Statement;
  readonly values: unknown[];
}

type Bound = (value: unknown) => string;

/** How the entries of a kind are found. */
interface Source {
  /** the instant of an entry */
  readonly at: string;
  /** FROM with the entries as `e`; the instants are conditions on it */
  readonly from: (conditions: readonly string[], tail: string) => string;
  readonly columns: string;
  /** `user:NAME`, `token:NAME` or `operator` */
  readonly person: (name: string) => string;
  readonly sensor: (id: string) => string;
}

const OF_SENSORS = {
  person: (column: string) => (name: string) =>
    `${column} IN ('user:' || ${name}, 'token:' || ${name}, ${name})`,
  from: (table: string) => (conditions: readonly string[], tail: string) =>
    `
    flow_sensor s CROSS JOIN LATERAL (
      SELECT * FROM ${table} e
      WHERE ${['e.sensor_id = s.id', ...conditions].join(' AND ')} ${tail}
    ) AS e WHERE s.account_id = $1`,
  sensor: (id: string) => `e.sensor_id = ${id}`,
};

const SOURCES: Readonly<Record<LogKind, Source>> = {
  REVISION: {
    at: 'e.revised_at',
    from: OF_SENSORS.from('ping_revision'),
    columns: `e.sensor_id, s.name AS sensor_name, jsonb_build_object(
      'id', e.id::text, 'sensor_id', e.sensor_id, 'update_type', e.update_type, 'ping_id', e.ping_id::text,
      'at', round(date_part('epoch', e.datetime) * 1000), 'old_flowrate', e.old_flowrate,
      'new_flowrate', e.new_flowrate, 'old_quality', e.old_quality, 'new_quality', e.new_quality,
      'old_totalizer', e.old_totalizer, 'new_totalizer', e.new_totalizer,
      'revised_at', round(date_part('epoch', e.revised_at) * 1000), 'revised_by', e.revised_by,
      'reason_code', e.reason_code, 'comment', e.reason) AS record`,
    person: OF_SENSORS.person('e.revised_by'),
    sensor: OF_SENSORS.sensor,
  },
  SETTING: {
    at: 'e.recorded_at',
    from: OF_SENSORS.from('sensor_configuration_change'),
    columns: `e.sensor_id, s.name AS sensor_name, jsonb_build_object(
      'id', e.id::text, 'sensor_id', e.sensor_id, 'parameter', e.parameter, 'old_value', e.old_value,
      'new_value', e.new_value, 'effective_from', round(date_part('epoch', e.effective_from) * 1000),
      'recorded_at', round(date_part('epoch', e.recorded_at) * 1000), 'changed_by', e.changed_by,
      'reason', e.reason) AS record`,
    person: OF_SENSORS.person('e.changed_by'),
    sensor: OF_SENSORS.sensor,
  },
  EVENT: {
    at: 'e.at',
    from: (conditions, tail) => `
      (SELECT * FROM audit_event e
       WHERE ${['e.account_id = $1', ...conditions].join(' AND ')} ${tail}) AS e`,
    columns: `CASE WHEN e.subject_type = 'SENSOR' THEN e.subject_id::int END AS sensor_id,
      CASE WHEN e.subject_type = 'SENSOR' THEN e.subject_name END AS sensor_name, jsonb_build_object(
      'id', e.id::text, 'at', round(date_part('epoch', e.at) * 1000), 'type', e.type,
      'actor_type', e.actor_type, 'actor_name', e.actor_name, 'address', e.address,
      'subject_type', e.subject_type, 'subject_id', e.subject_id, 'subject_name', e.subject_name,
      'details', e.details) AS record`,
    person: (name) =>
      `(e.actor_name = ${name} OR (e.actor_type = 'OPERATOR' AND ${name} = 'operator'))`,
    sensor: (id) => `e.subject_type = 'SENSOR' AND e.subject_id = ${id}::text`,
  },
};

/** A statement has only the sources and conditions that apply; its name lists them. */
export function logWindow(accountId: number, filter: LogFilter, window: LogWindow): Selection {
  const { after, before, take, from } = window;
  const values: unknown[] = [accountId, take];
  const bound: Bound = (value) => `$${values.push(value)}`;
  const { conditions, name } = conditionsOf(filter, bound);
  const [order, ranks] = from === 'first' ? ['DESC', 'ASC'] : ['ASC', 'DESC'];
  const kinds = LOG_KINDS.filter((kind) => filter.kinds.includes(kind));
  const branches = kinds.map((kind) => {
    const { at, from: rows, columns } = SOURCES[kind];
    const all = [
      ...conditions(kind),
      ...(after ? [beyond(kind, at, '<', after, bound)] : []),
      ...(before ? [beyond(kind, at, '>', before, bound)] : []),
    ];
    const tail = `ORDER BY ${at} ${order}, e.id ${order} LIMIT $2`;
    return `(SELECT ${LOG_KINDS.indexOf(kind)} AS rank, ${at} AS at, e.id, ${columns}
      FROM ${rows(all, tail)} ${tail})`;
  });
  const text = `
    SELECT rank, id::text, round(date_part('epoch', at) * 1000) AS at, sensor_id, sensor_name, record
    FROM (${branches.join(' UNION ALL ')}) AS log
    ORDER BY log.at ${order}, rank ${ranks}, log.id ${order} LIMIT $2`;
  const places = [after && 'after', before && 'before'].filter(Boolean);
  return { statement: { name: ['log', from, ...name, ...places].join('_'), text }, values };
}

export function logCount(accountId: number, filter: LogFilter): Selection {
  const values: unknown[] = [accountId];
  const { conditions, name } = conditionsOf(filter, (value) => `$${values.push(value)}`);
  const kinds = LOG_KINDS.filter((kind) => filter.kinds.includes(kind));
  const counts = kinds.map(
    (kind) => `(SELECT count(*) FROM ${SOURCES[kind].from(conditions(kind), '')})`,
  );
  const text = `SELECT (${counts.join(' + ')})::float8 AS count`;
  return { statement: { name: ['log_count', ...name].join('_'), text }, values };
}

/** The conditions on each kind's entries, and the part of the statement's name that lists them. */
function conditionsOf(
  { kinds, types, sensorId, person, start, end }: LogFilter,
  bound: Bound,
): { conditions: (kind: LogKind) => string[]; name: string[] } {
  const given = [
    types && kinds.includes('EVENT') && ([bound(types), 'types'] as const),
    sensorId !== undefined && ([bound(sensorId), 'sensor'] as const),
    person !== undefined && ([bound(person), 'person'] as const),
    start && ([bound(instantParameter(start)), 'start'] as const),
    end && ([bound(instantParameter(end)), 'end'] as const),
  ];
  const [ofTypes, ofSensor, ofPerson, ofStart, ofEnd] = given.map((each) => each && each[0]);
  return {
    name: [
      // PostgreSQL tells prepared statements apart by 63 characters.
      LOG_KINDS.filter((kind) => kinds.includes(kind))
        .map((kind) => kind[0]!.toLowerCase())
        .join(''),
      ...given.flatMap((each) => (each ? [each[1]] : [])),
    ],
    conditions: (kind) => {
      const source = SOURCES[kind];
      return [
        ...(ofTypes && kind === 'EVENT' ? [`e.type = ANY(${ofTypes}::text[])`] : []),
        ...(ofSensor ? [source.sensor(`${ofSensor}::int`)] : []),
        ...(ofPerson ? [source.person(`${ofPerson}::text`)] : []),
        ...(ofStart ? [`${source.at} >= ${ofStart}::timestamptz`] : []),
        ...(ofEnd ? [`${source.at} < ${ofEnd}::timestamptz`] : []),
      ];
    },
  };
}

const LEAST_ID = '0';
const LARGEST_ID = '9223372036854775807';

/** Older (<) or newer (>) than a place; within its millisecond the kinds have an order. */
function beyond(
  kind: LogKind,
  at: string,
  side: '<' | '>',
  position: LogPosition,
  bound: Bound,
): string {
  const rank = LOG_KINDS.indexOf(kind) - LOG_KINDS.indexOf(position.kind);
  const id = rank === 0 ? position.id : rank < 0 ? LEAST_ID : LARGEST_ID;
  const instant = bound(instantParameter(new Date(position.at)));
  return `(${at}, e.id) ${side} (${instant}::timestamptz, ${bound(id)}::bigint)`;
}
