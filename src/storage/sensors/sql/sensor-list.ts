import type { Statement } from '../../postgres/database.js';
import { recordLayout } from '../../postgres/record-layout.js';
import { ALL } from '../../summaries/sql/level.js';

/** The figures of a sensor in a list; those that are unknown are NaN or -infinity. */
export const SENSOR_RECORD = recordLayout({
  id: 'int4',
  latitude: 'float8',
  longitude: 'float8',
  pipeDiameter: 'float8',
  lastFlowrate: 'float8',
  lastAt: 'timestamptz',
  activatedAt: 'timestamptz',
});

// Neither NaN nor -infinity is ever stored.
const FIGURES = SENSOR_RECORD.packed({
  latitude: orNaN('latitude'),
  longitude: orNaN('longitude'),
  pipeDiameter: orNaN('pipe_diameter'),
  lastFlowrate: orNaN('last_flowrate'),
  lastAt: `coalesce(last_at, '-infinity')`,
  activatedAt: `coalesce(activated_at, '-infinity')`,
});

function orNaN(column: string): string {
  return `coalesce(${column}, 'NaN')`;
}

const PACKED = `json_agg(name) AS names, ${FIGURES} AS figures`;

const SENSORS = `
  SELECT s.id, s.name, s.latitude, s.longitude, s.pipe_diameter, s.activated_at, a.last_flowrate, a.last_at
  FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = ${ALL}
  WHERE s.account_id = $1`;

/**
 * One sensor: its name in an array, and its figures as a SENSOR_RECORD; both null where there is
 * none.
 *
 * $1 int account id, $2 int sensor id
 */
export const sensorListEntry: Statement = {
  name: 'listed_sensor',
  text: `SELECT ${PACKED} FROM (${SENSORS} AND s.id = $2) AS sensor`,
};

/**
 * A page of an account's sensors by id, without retired ones, the figures one sensor's after the
 * other's, and the count of them all: of one snapshot.
 *
 * $1 int account id, $2 int page from 1, or null for the last, $3 int sensors to a page
 */
export const sensorList: Statement = {
  name: 'listed_sensors',
  text: `
    WITH total AS (SELECT count(*)::bigint AS count FROM flow_sensor
      WHERE account_id = $1 AND retired_at IS NULL)
    SELECT count::float8 AS count, page.*
    FROM total CROSS JOIN LATERAL (
      SELECT ${PACKED} FROM (
        ${SENSORS} AND s.retired_at IS NULL
        ORDER BY s.id
        OFFSET coalesce($2::bigint - 1, greatest(total.count - 1, 0) / $3) * $3 LIMIT $3
      ) AS sensor
    ) AS page`,
};

/** The same where it is not known how many there are. $1 int account id, $2 int page from 1, $3 int sensors to a page */
export const sensorsOfPage: Statement = {
  name: 'sensors_of_page',
  text: `
    SELECT ${PACKED} FROM (
      ${SENSORS} AND s.retired_at IS NULL
      ORDER BY s.id OFFSET ($2::bigint - 1) * $3 LIMIT $3
    ) AS sensor`,
};

/** $1 int account id */
export const countListed: Statement = {
  name: 'count_listed',
  text: `SELECT count(*)::float8 AS count FROM flow_sensor WHERE account_id = $1 AND retired_at IS NULL`,
};
