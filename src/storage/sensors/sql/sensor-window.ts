import type { Statement } from '../../postgres/database.js';

/** Which sensors of an account are meant: those that meet both, where given. */
export interface SensorFilter {
  readonly ids?: readonly number[] | undefined;
  /** part of the name, case-insensitive */
  readonly search?: string | undefined;
}

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

export const SENSOR_COLUMNS = `id, account_id AS "accountId", name, latitude, longitude,
  pipe_diameter AS "pipeDiameter", activated_at AS "activatedAt", max_gap AS "maxGap", method`;

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
 * The ids and methods of all of an account's sensors that meet a filter, by id; its name lists the
 * conditions of the filter.
 */
export function selectedSensors(
  accountId: number,
  filter: SensorFilter,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [accountId];
  const filtered = filterConditions(filter, (value) => `$${values.push(value)}`);
  const conditions = ['account_id = $1', ...Object.values(filtered)];
  const text = `SELECT id, method FROM flow_sensor WHERE ${conditions.join(' AND ')} ORDER BY id`;
  return {
    statement: { name: ['selected_sensors', ...Object.keys(filtered)].join('_'), text },
    values,
  };
}

/** The conditions of a filter, by the name of its field. */
function filterConditions(
  { ids, search }: SensorFilter,
  bound: (value: unknown) => string,
): Record<string, string> {
  return {
    ...(ids && { ids: `id = ANY(${bound(ids)}::int[])` }),
    ...(search && { search: `name ILIKE ${bound(`%${literally(search)}%`)}` }),
  };
}

/** Escapes what LIKE would take for wildcards. */
export function literally(search: string): string {
  return search.replace(/[\\%_]/g, '\\$&');
}
