import type { Statement } from '../../postgres/database.js';
import { instantParameter } from '../../postgres/instant-parameter.js';

export const FLAG_STATUSES = ['OPEN', 'ACCEPTED', 'REJECTED'] as const;
export type FlagStatus = (typeof FLAG_STATUSES)[number];

/** Which flags are meant: those that meet each condition given. */
export interface FlagFilter {
  readonly status?: FlagStatus | undefined;
  readonly sensorIds?: readonly number[] | undefined;
  /** the instants of the readings, half-open */
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** Flags in a row, newest first, between two of them, both exclusive, taken from one end. */
export interface FlagWindow {
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

type Bound = (value: unknown) => string;

const inMs = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

const COLUMNS = `f.sensor_id, f.id, ${inMs('f.datetime')} AS at, f.ping_id, f.flowrate, f.findings, f.status,
  ${inMs('f.flagged_at')} AS flagged_at, ${inMs('f.resolved_at')} AS resolved_at, f.resolved_by, f.comment`;

/** A statement has only the conditions that apply; its name lists them. */
export function flagWindow(
  accountId: number,
  filter: FlagFilter,
  { after, before, take, from }: FlagWindow,
): Selection {
  const values: unknown[] = [accountId, take];
  const bound: Bound = (value) => `$${values.push(value)}`;
  const sensors = sensorCondition(filter, bound);
  const conditions = {
    ...conditionsOf(filter, bound),
    ...(after !== undefined && { after: `f.id < ${bound(after)}::bigint` }),
    ...(before !== undefined && { before: `f.id > ${bound(before)}::bigint` }),
  };
  const order = from === 'first' ? 'DESC' : 'ASC';
  const text = `
    SELECT f.* FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM ping_flag f
      WHERE ${['f.sensor_id = s.id', ...Object.values(conditions)].join(' AND ')}
      ORDER BY f.id ${order} LIMIT $2
    ) AS f
    WHERE ${['s.account_id = $1', ...Object.values(sensors)].join(' AND ')}
    ORDER BY f.id ${order} LIMIT $2`;
  const parts = [...Object.keys(sensors), ...Object.keys(conditions)];
  return {
    statement: { name: ['ping_flags', order.toLowerCase(), ...parts].join('_'), text },
    values,
  };
}

export function flagCount(accountId: number, filter: FlagFilter): Selection {
  const values: unknown[] = [accountId];
  const bound: Bound = (value) => `$${values.push(value)}`;
  const sensors = sensorCondition(filter, bound);
  const conditions = conditionsOf(filter, bound);
  const text = `
    SELECT coalesce(sum(f.count), 0)::float8 AS count FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT count(*) AS count FROM ping_flag f
      WHERE ${['f.sensor_id = s.id', ...Object.values(conditions)].join(' AND ')}
    ) AS f
    WHERE ${['s.account_id = $1', ...Object.values(sensors)].join(' AND ')}`;
  const parts = [...Object.keys(sensors), ...Object.keys(conditions)];
  return { statement: { name: ['ping_flag_count', ...parts].join('_'), text }, values };
}

function sensorCondition({ sensorIds }: FlagFilter, bound: Bound): Record<string, string> {
  return sensorIds ? { sensors: `s.id = ANY(${bound(sensorIds)}::int[])` } : {};
}

function conditionsOf({ status, start, end }: FlagFilter, bound: Bound): Record<string, string> {
  return {
    ...(status && { status: `f.status = ${bound(status)}::ping_flag_status` }),
    ...(start && { start: `f.datetime >= ${bound(instantParameter(start))}::timestamptz` }),
    ...(end && { end: `f.datetime < ${bound(instantParameter(end))}::timestamptz` }),
  };
}

/** Flags of sensors that are locked. $1 int[] sensor ids, $2 bigint[] ids, pairwise */
export const flagsToResolve: Statement = {
  name: 'flags_to_resolve',
  text: `
    SELECT ${COLUMNS} FROM ping_flag f
    JOIN unnest($1::int[], $2::bigint[]) AS k (sensor_id, id) ON f.sensor_id = k.sensor_id AND f.id = k.id
    WHERE f.sensor_id = ANY($1::int[])`,
};

/**
 * Pairwise $1 int[] sensor ids, $2 bigint[] ids; $3 text status, $4 text who, $5 text comment or null,
 * $6 timestamptz when
 */
export const resolveFlags: Statement = {
  name: 'resolve_flags',
  text: `
    WITH f AS (
      UPDATE ping_flag u SET status = $3::ping_flag_status, resolved_by = $4, comment = $5, resolved_at = $6
      FROM unnest($1::int[], $2::bigint[]) AS k (sensor_id, id)
      WHERE u.sensor_id = k.sensor_id AND u.id = k.id AND u.sensor_id = ANY($1::int[])
      RETURNING u.*
    )
    SELECT ${COLUMNS} FROM f`,
};
