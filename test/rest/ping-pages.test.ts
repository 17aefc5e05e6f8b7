import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SummaryStore } from '../../src/storage/summaries/summary-store.js';
import { call, createServerWorld, token, type World } from '../helpers/server.js';

const NAME = 'Well "7" \\ é ☃ 🛢 </script>';

/** with what is hard to write exactly, or not written alike everywhere */
const FLOWRATES = [
  ...[
    0,
    -0,
    0.1,
    -0.1,
    0.1 + 0.2,
    1 / 3,
    5356.9,
    123_456_789.125,
    1e15,
    -1e15,
    999_999_999_999_999.9,
  ],
  ...[
    1e14,
    1e-30,
    -1e-30,
    1.5e-5,
    1e-4,
    9.999e-5,
    1e-6,
    1e-7,
    2 ** 49 + 0.125,
    4503599627370495.5 / 8,
  ],
];

let world: World;
let sensor: number;

beforeAll(async () => {
  world = await createServerWorld();
  const { ours, server, test } = world;
  sensor = (await server.services.sensors.create(ours.principal, { name: NAME })).id;
  const { pool } = test.database;
  // Flowrates of every magnitude, in the millisecond, in the second and in the year, of ids small
  // and large.
  await pool.query(
    `INSERT INTO ping (sensor_id, id, datetime, flowrate)
     SELECT $1, CASE n % 3 WHEN 0 THEN n WHEN 1 THEN 4294967295 + n ELSE 9223372036854775807 - n END,
       to_timestamp(n * 60 + CASE n % 4 WHEN 0 THEN 0.001 WHEN 1 THEN 0.12 ELSE 0 END) - n % 5 * interval '300 years',
       coalesce(($2::float8[])[n], (random() - 0.5) * power(10, floor(random() * 46 - 30)))
     FROM generate_series(1, 2500) AS n`,
    [sensor, FLOWRATES],
  );
  await new SummaryStore(test.database).rebuild(sensor);
});

afterAll(() => world.close());

async function results(query: string): Promise<{ count: number; results: unknown[] }> {
  const reply = await call(world.server.url, `/api/v1/flow_sensors/${sensor}/pings/${query}`, {
    headers: token(world.ours.reader),
  });
  return reply.body as { count: number; results: unknown[] };
}

/** What PostgreSQL itself writes. */
async function written(offset: number, where = 'true'): Promise<unknown> {
  const { rows } = await world.test.database.pool.query<{ body: string }>(
    `SELECT coalesce(json_agg(json_build_object('id', p.id, 'sensor_id', s.id, 'sensor_name', s.name, 'flowrate', p.flowrate,
       'datetime', replace(to_char(p.datetime, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')) ORDER BY p.datetime DESC), '[]')::text AS body
     FROM (SELECT * FROM ping WHERE sensor_id = $1 AND ${where} ORDER BY datetime DESC OFFSET $2 LIMIT 1000) AS p
     JOIN flow_sensor s ON s.id = p.sensor_id`,
    [sensor, offset],
  );
  return JSON.parse(rows[0]!.body);
}

describe('Pages of pings', () => {
  test.each([
    ['', 0],
    ['?page=2', 1000],
    ['?page=3', 2000],
    ['?page=last', 2000],
  ])('the page %j of pings is what is stored, to the last bit', async (query, offset) => {
    const page = await results(query);
    expect(page.count).toBe(2500);
    expect(page.results).toStrictEqual(await written(offset));
  });

  test('the pages of a range are the pings stored in it', async () => {
    const [start, end] = ['1370-01-01T00:00:00Z', '1970-01-02T00:00:00Z'];
    const where = `datetime BETWEEN '${start}' AND '${end}'`;
    for (const [page, offset] of [
      [1, 0],
      [2, 1000],
    ] as const) {
      const { count, results: shown } = await results(`?start=${start}&end=${end}&page=${page}`);
      expect(count).toBeGreaterThan(1000);
      expect(shown).toStrictEqual(await written(offset, where));
    }
  });
});
