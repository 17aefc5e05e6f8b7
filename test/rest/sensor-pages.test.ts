import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, createServerWorld, token, type World } from '../helpers/server.js';

/** Of degrees and inches, with what is hard to write exactly. */
const FIGURES = [0, -0, 29.760435, -95.3698, 0.1 + 0.2, 1 / 3, 1e-7, 45, 14.64, -89.999999999];

let world: World;

beforeAll(async () => {
  world = await createServerWorld();
  // Each combination of what is known, names of all scripts; of another account too.
  await world.test.database.pool.query(
    `WITH made AS (
       INSERT INTO flow_sensor (account_id, name, latitude, longitude, pipe_diameter, activated_at)
       SELECT CASE WHEN n > 1005 THEN $2::int ELSE $1::int END, '"Ü\\" ☃ 🛢 ' || n,
         CASE WHEN n % 2 = 0 THEN figure END, CASE WHEN n % 3 = 0 THEN -figure END, CASE WHEN n % 5 = 0 THEN figure + n END,
         CASE WHEN n % 7 < 4 THEN timestamptz '2019-01-01' + n % 4 * interval '1.5 s' - n % 3 * interval '900 years' END
       FROM generate_series(1, 1010) AS n, LATERAL (SELECT ($3::float8[])[1 + n % 10] AS figure) AS f
       RETURNING id
     )
     INSERT INTO ping_summary (sensor_id, level, start, ping_count, measured_linear_volume, measured_step_volume,
       outage_linear_volume, outage_step_volume, covered_ms, longest_gap_ms, flowrate_sum, last_at, last_flowrate)
     SELECT id, 3, timestamptz '0001-01-01', 0, 0, 0, 0, 0, 0, 0, 0,
       CASE WHEN id % 2 = 0 THEN timestamptz '2026-01-01' + id * interval '1 ms' END,
       CASE WHEN id % 2 = 0 THEN ($3::float8[])[1 + id % 10] END
     FROM made`,
    [world.ours.principal.accountId, world.theirs.principal.accountId, FIGURES],
  );
});

afterAll(() => world.close());

async function get(path: string): Promise<any> {
  const headers = token(world.ours.reader);
  return (await call(world.server.url, `/api/v1/flow_sensors/${path}`, { headers })).body;
}

/** What PostgreSQL itself writes. */
async function written(): Promise<{ id: number }[]> {
  const instant = (column: string) =>
    `replace(to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')`;
  const { rows } = await world.test.database.pool.query<{ body: string }>(
    `SELECT json_agg(json_build_object('id', s.id, 'name', s.name, 'latitude', s.latitude, 'longitude', s.longitude,
       'pipe_diameter', s.pipe_diameter, 'last_ping_flowrate', a.last_flowrate, 'last_ping_datetime', ${instant('a.last_at')},
       'activated_at', ${instant('s.activated_at')}) ORDER BY s.id)::text AS body
     FROM flow_sensor s JOIN ping_summary a ON a.sensor_id = s.id AND a.level = 3 WHERE s.account_id = $1`,
    [world.ours.principal.accountId],
  );
  return JSON.parse(rows[0]!.body) as { id: number }[];
}

describe('Pages of sensors', () => {
  test('a page of sensors, and each sensor by itself, is what is stored to the last bit', async () => {
    const sensors = await written();
    for (const [query, from] of [
      ['', 0],
      ['?page=2', 1000],
      ['?page=last', 1000],
    ] as const) {
      const { count, results } = await get(query);
      expect(count).toBe(1005);
      expect(results).toStrictEqual(sensors.slice(from, from + 1000));
    }
    for (const sensor of sensors.slice(0, 70)) {
      expect(await get(`${sensor.id}/`)).toStrictEqual(sensor);
    }
  });
});
