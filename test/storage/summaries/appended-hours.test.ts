import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  hoursBegun,
  hoursGrown,
  type AppendedParameters,
} from '../../../src/storage/summaries/sql/appended-hours.js';
import { hoursGrownByOne } from '../../../src/storage/summaries/sql/appended-ping.js';
import { createUndistributedDatabase, type TestDatabase } from '../../helpers/database.js';
import { explain, nodesOf, type Value } from '../../helpers/plans.js';

const SENSORS = 40;
const HOURS = 500;
const PINGS_OF_EACH = 20;
const END = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

let scratch: TestDatabase;
beforeAll(async () => {
  scratch = await createUndistributedDatabase();
  const { pool } = scratch.database;
  await pool.query('ALTER TABLE ping_summary SET (autovacuum_enabled = off)');
  await pool.query('ALTER TABLE flow_sensor SET (autovacuum_enabled = off)');
  await pool.query(`INSERT INTO account (name) VALUES ('acme')`);
  await pool.query(
    `INSERT INTO flow_sensor (account_id, name) SELECT 1, n::text FROM generate_series(1, ${SENSORS}) AS n`,
  );
  await pool.query(
    `INSERT INTO ping_summary (sensor_id, level, start, ping_count, first_at, first_flowrate, last_at, last_flowrate,
       measured_linear_volume, measured_step_volume, outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, flowrate_sum)
     SELECT s.id, level, CASE level WHEN 3 THEN '0001-01-01T00:00:00Z' ELSE at END, 1, at, 1, at, 1, 0, 0, 0, 0, 0, 0, 1
     FROM flow_sensor s, generate_series(1, ${HOURS}) AS n, to_timestamp(${END / 1000} - n * 3600) AS at,
       unnest(CASE n WHEN 1 THEN '{0, 3}'::int[] ELSE '{0}' END) AS level`,
  );
});
afterAll(() => scratch.drop());

const PARAMETERS: AppendedParameters = {
  sensors: ['$1', '$2', '$3'],
  pings: ['$4', '$5', '$6'],
};

const TYPES = ['int[]', 'timestamptz[]', 'timestamptz[]', 'int[]', 'timestamptz[]', 'float8[]'];

/** The values of the parameters for pings of each sensor, a minute apart. */
function values(first: number, ofEach: number): Value[] {
  const ids = Array.from({ length: SENSORS }, (_, index) => index + 1);
  const instants = Array.from({ length: ofEach }, (_, place) =>
    new Date(first + place * MINUTE).toISOString(),
  );
  return [
    ids,
    ids.map(() => instants[0]!),
    ids.map(() => instants.at(-1)!),
    ids.flatMap((id) => instants.map(() => id)),
    ids.flatMap(() => instants),
    ids.flatMap(() => instants.map(() => 5)),
  ];
}

test.each([
  ['an hour that has some', hoursGrown(PARAMETERS), END - 30 * MINUTE, PINGS_OF_EACH],
  ['a new hour', hoursBegun(PARAMETERS), END + 30 * MINUTE, PINGS_OF_EACH],
  ['an hour that has some, one of each sensor', hoursGrownByOne(PARAMETERS), END - MINUTE, 1],
])(
  'pings of %s are added up in time proportional to them while PostgreSQL knows nothing of the tables',
  async (_, hours, first, ofEach) => {
    const top = await explain(scratch.database.pool, hours, values(first, ofEach), TYPES);
    expect(top['Actual Rows']).toBe(SENSORS);
    for (const node of nodesOf(top)) {
      expect(node['Actual Rows'] * node['Actual Loops']).toBeLessThanOrEqual(SENSORS * ofEach);
    }
  },
);
