import type { Statement } from '../../postgres/database.js';

export const GROUP_COLUMNS = `id, name, calendar, max_imbalance_percent AS "maxImbalancePercent",
  max_imbalance_volume AS "maxImbalanceVolume"`;

/** By id. $1 int account id, $2 int[] group ids */
export const findGroups: Statement = {
  name: 'find_sensor_groups',
  text: `SELECT ${GROUP_COLUMNS} FROM sensor_group WHERE account_id = $1 AND id = ANY($2::int[])`,
};

/** By id, from either end. */
export const groupWindow = { ASC: inOrder('ASC'), DESC: inOrder('DESC') };

/** $1 int account id, $2, $3 int ids between which they are, exclusive, or null, $4 int maximum */
function inOrder(order: 'ASC' | 'DESC'): Statement {
  const text = `
    SELECT ${GROUP_COLUMNS} FROM sensor_group
    WHERE account_id = $1 AND ($2::int IS NULL OR id > $2) AND ($3::int IS NULL OR id < $3)
    ORDER BY id ${order} LIMIT $4`;
  return { name: `sensor_group_window_${order.toLowerCase()}`, text };
}

/** $1 int account id */
export const countGroups: Statement = {
  name: 'count_sensor_groups',
  text: 'SELECT count(*)::int AS count FROM sensor_group WHERE account_id = $1',
};

/**
 * $1 int account id, $2 text name, $3 text calendar, $4 int how many an account may have, $5, $6 float8
 * percent and barrels of a day's imbalance, or null
 */
export const createGroup: Statement = {
  name: 'create_sensor_group',
  text: `
    INSERT INTO sensor_group (account_id, name, calendar, max_imbalance_percent, max_imbalance_volume)
    SELECT $1, $2, $3, $5::float8, $6::float8 WHERE (SELECT count(*) FROM sensor_group WHERE account_id = $1) < $4
    RETURNING ${GROUP_COLUMNS}`,
};

/** Until the transaction ends, no other one changes the group. $1 int account id, $2 int group id */
export const lockGroup: Statement = {
  name: 'lock_sensor_group',
  text: `SELECT ${GROUP_COLUMNS} FROM sensor_group WHERE account_id = $1 AND id = $2 FOR UPDATE`,
};

/**
 * $1 int account id, $2 int group id, $3 text name, $4 text calendar, $5, $6 float8 percent and barrels of
 * a day's imbalance, or null
 */
export const updateGroup: Statement = {
  name: 'update_sensor_group',
  text: `
    UPDATE sensor_group SET name = $3, calendar = $4, max_imbalance_percent = $5, max_imbalance_volume = $6
    WHERE account_id = $1 AND id = $2
    RETURNING ${GROUP_COLUMNS}`,
};

/** $1 int account id, $2 int group id */
export const deleteGroup: Statement = {
  name: 'delete_sensor_group',
  text: 'DELETE FROM sensor_group WHERE account_id = $1 AND id = $2',
};

/** By group and sensor. $1 int account id, $2 int[] group ids */
export const groupMembers: Statement = {
  name: 'sensor_group_members',
  text: `
    SELECT m.group_id, m.sensor_id, m.direction
    FROM sensor_group_member m JOIN sensor_group g ON g.id = m.group_id
    WHERE g.account_id = $1 AND g.id = ANY($2::int[])
    ORDER BY m.group_id, m.sensor_id`,
};

/** By sensor and group. $1 int account id, $2 int[] sensor ids */
export const groupsOfSensors: Statement = {
  name: 'groups_of_sensors',
  text: `
    SELECT m.sensor_id, g.*
    FROM sensor_group_member m
    JOIN (SELECT ${GROUP_COLUMNS} FROM sensor_group WHERE account_id = $1) AS g ON g.id = m.group_id
    WHERE m.sensor_id = ANY($2::int[])
    ORDER BY m.sensor_id, g.id`,
};

/** $1 int group id */
export const clearMembers: Statement = {
  name: 'clear_sensor_group_members',
  text: 'DELETE FROM sensor_group_member WHERE group_id = $1',
};

/** $1 int group id, $2 int[] sensor ids, $3 text[] directions, pairwise */
export const addMembers: Statement = {
  name: 'add_sensor_group_members',
  text: `
    INSERT INTO sensor_group_member (group_id, sensor_id, direction)
    SELECT $1, sensor_id, direction::flow_direction
    FROM unnest($2::int[], $3::text[]) AS m (sensor_id, direction)`,
};
