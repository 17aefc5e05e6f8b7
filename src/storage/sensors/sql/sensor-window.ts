import type { Statement } from '../../postgres/database.js';
import { int4Array } from '../../postgres/binary-array.js';
import { instantParameter } from '../../postgres/instant-parameter.js';
import { tagKeys } from '../tag-keys.js';

/** Which sensors of an account are meant: those that meet every condition given. */
export interface SensorFilter {
  readonly ids?: readonly number[] | undefined;
  /** part of the name, case-insensitive */
  readonly search?: string | undefined;
  /** members of any of these groups */
  readonly groupIds?: readonly number[] | undefined;
  /** with any of these tags, in upper or lower case */
  readonly tags?: readonly string[] | undefined;
  /** whether retired sensors are left out (unless given), among the others, or the only ones */
  readonly retired?: RetiredFilter | undefined;
}

export type RetiredFilter = 'EXCLUDE' | 'INCLUDE' | 'ONLY';

export interface SensorOrder {
  readonly field: 'ID' | 'NAME';
  readonly direction: 'ASC' | 'DESC';
}

/** A sensor's place in an order: its id, or its name and then its id. */
export interface SensorPosition {
  readonly id: number;
  readonly name?: string | undefined;
}

/** Consecutive sensors between two positions, taken from one end. */
export interface SensorWindow {
  readonly filter: SensorFilter;
  readonly order: SensorOrder;
  readonly after?: SensorPosition | undefined;
  readonly before?: SensorPosition | undefined;
  /** whether a sensor at `after` or `before` is included */
  readonly inclusive?: boolean;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** What the settings that apply to times were earlier; null where they never changed. */
export const HISTORY_COLUMNS = `max_gap_changed_at AS "maxGapChangedAt", earlier_max_gaps AS "earlierMaxGaps",
  method_changed_at AS "methodChangedAt", earlier_methods AS "earlierMethods",
  meter_factor_changed_at AS "meterFactorChangedAt", earlier_meter_factors AS "earlierMeterFactors"`;

export const SENSOR_COLUMNS = `id, account_id AS "accountId", name, latitude, longitude,
  pipe_diameter AS "pipeDiameter", activated_at AS "activatedAt", max_gap AS "maxGap", method,
  meter_factor AS "meterFactor", totalizer_rollover AS "totalizerRollover",
  retired_at AS "retiredAt", entry_unit AS "entryUnit", closed_until AS "closedUntil", calendar, checks, tags,
  thinned_until AS "thinnedUntil",
  continues_sensor_id AS "continuesSensorId", continues_from AS "continuesFrom", ${HISTORY_COLUMNS}`;

/**
 * A window of an account's sensors, counted from the end that it is taken from. A statement has
 * only the conditions that apply, so that one plan suits all its parameters; its name lists them.
 */
export function sensorWindow(
  accountId: number,
  { filter, order, after, before, inclusive = false, take, from }: SensorWindow,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [accountId, take];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const filtered = filterConditions(filter, bound);
  const upwards = order.direction === 'ASC';
  const beyond = ({ id, name }: SensorPosition, isUp: boolean) => {
    const than = `${isUp ? '>' : '<'}${inclusive ? '=' : ''}`;
    return name === undefined
      ? `id ${than} ${bound(id)}`
      : `(name, id) ${than} (${bound(name)}, ${bound(id)}::int)`;
  };
  const conditions = [
    'account_id = $1',
    ...Object.values(filtered),
    after && beyond(after, upwards),
    before && beyond(before, !upwards),
  ].filter(Boolean);
  const direction = upwards === (from === 'first') ? 'ASC' : 'DESC';
  const keys = order.field === 'ID' ? ['id'] : ['name', 'id'];
  const text = `
    SELECT ${SENSOR_COLUMNS} FROM flow_sensor
    WHERE ${conditions.join(' AND ')}
    ORDER BY ${keys.map((key) => `${key} ${direction}`).join(', ')} LIMIT $2`;
  const shape = [
    ...[order.field, order.direction, from],
    ...Object.keys(filtered),
    ...[after && 'after', before && 'before', inclusive && 'inclusive'],
  ].filter(Boolean);
  return { statement: { name: `sensors_${shape.join('_')}`.toLowerCase(), text }, values };
}

/**
 * The ids, methods and retirements of all of an account's sensors that meet a filter, by id; its
 * name lists the conditions of the filter.
 *
 * @param since where retired sensors are left out, those that retired later are not
 * @param known ids of sensors that are left out
 */
export function selectedSensors(
  accountId: number,
  filter: SensorFilter,
  since: Date,
  known: readonly number[],
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [accountId, int4Array(known)];
  const filtered = filterConditions(filter, (value) => `$${values.push(value)}`, since);
  const conditions = [
    'account_id = $1',
    'id NOT IN (SELECT unnest($2::int[]))',
    ...Object.values(filtered),
  ];
  const text = `SELECT id, method, retired_at AS "retiredAt", continues_from AS "continuesFrom", method_changed_at AS "methodChangedAt",
    earlier_methods AS "earlierMethods" FROM flow_sensor WHERE ${conditions.join(' AND ')} ORDER BY id`;
  return {
    statement: { name: ['selected_sensors', ...Object.keys(filtered)].join('_'), text },
    values,
  };
}

/** The number of an account's sensors that meet a filter; its name lists the filter's conditions. */
export function sensorCount(
  accountId: number,
  filter: SensorFilter,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [accountId];
  const filtered = filterConditions(filter, (value) => `$${values.push(value)}`);
  const conditions = ['account_id = $1', ...Object.values(filtered)];
  const text = `SELECT count(*)::int AS count FROM flow_sensor WHERE ${conditions.join(' AND ')}`;
  return {
    statement: { name: ['sensor_count', ...Object.keys(filtered)].join('_'), text },
    values,
  };
}

/** The conditions of a filter, by the name of its field. */
function filterConditions(
  { ids, search, groupIds, tags, retired = 'EXCLUDE' }: SensorFilter,
  bound: (value: unknown) => string,
  since?: Date,
): Record<string, string> {
  const isLater =
    retired === 'EXCLUDE' && since
      ? ` OR retired_at > ${bound(instantParameter(since))}::timestamptz`
      : '';
  return {
    ...(retired === 'EXCLUDE' && { in_service: `(retired_at IS NULL${isLater})` }),
    ...(retired === 'ONLY' && { retired: 'retired_at IS NOT NULL' }),
    ...(ids && { ids: `id = ANY(${bound(ids)}::int[])` }),
    ...(tags && { tags: `tag_keys && ${bound(tagKeys(tags))}::text[]` }),
    ...(groupIds && { groups: isMemberOf(bound(groupIds)) }),
    ...(search && { search: `name ILIKE ${bound(`%${literally(search)}%`)}` }),
  };
}

function isMemberOf(groupIds: string): string {
  return `id IN (SELECT m.sensor_id FROM sensor_group_member m JOIN sensor_group g ON g.id = m.group_id
    WHERE g.account_id = $1 AND g.id = ANY(${groupIds}::int[]))`;
}

/** Escapes what LIKE would take for wildcards. */
function literally(search: string): string {
  return search.replace(/[\\%_]/g, '\\$&');
}
