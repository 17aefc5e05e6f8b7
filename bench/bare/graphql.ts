import type pg from 'pg';
import type { Statement } from '../../src/storage/postgres/database.js';
import { bucketVolumes } from '../../src/storage/volumes/sql/bucket-volumes.js';
import { instantJson } from './instant-json.js';
import { cutsParameter } from '../../src/storage/volumes/range-cuts.js';
import { splitBuckets } from '../../src/storage/volumes/sql/range-pieces.js';
import { rangeVolume } from '../../src/storage/volumes/sql/range-volume.js';

const BOUNDARIES = '$3::timestamptz[]';
const SENSORS = '(SELECT * FROM flow_sensor WHERE account_id = $1 ORDER BY id LIMIT $2) AS s';
const DAY_MS = 86_400_000;

/**
 * Each sensor's newest pings and its volume. $1 int account id, $2 int sensors, $3 timestamptz[8]
 * the cuts of the range, $4 int pings
 */
const fleet: Statement = {
  name: 'graphql_fleet',
  text: `
    SELECT '{"data":{"flowSensors":{"nodes":[' || string_agg(
      '{"id":"' || s.id || '","name":' || to_json(s.name) || ',"pings":{"nodes":[' || pings.json
      || ']},"flowVolume":{"volume":' || v.volume || ',"coverage":'
      || v.covered_ms / (date_part('epoch', (${BOUNDARIES})[8] - (${BOUNDARIES})[1]) * 1000)
      || '}}', ',' ORDER BY s.id) || ']}}}' AS body
    FROM ${SENSORS}
    CROSS JOIN LATERAL (${rangeVolume('LINEAR', 'ALL')}) AS v
    CROSS JOIN LATERAL (
      SELECT coalesce(string_agg('{"id":"' || p.id || '","datetime":' || ${instantJson('p.datetime')}
        || ',"flowrate":' || p.flowrate || '}', ',' ORDER BY p.datetime DESC), '') AS json
      FROM (SELECT * FROM ping WHERE sensor_id = s.id ORDER BY datetime DESC LIMIT $4) AS p
    ) AS pings`,
};

/** $1 int account id, $2 int sensors, $3 timestamptz[8] the cuts of the range */
const volumes: Statement = {
  name: 'graphql_volumes',
  text: `
    SELECT '{"data":{"flowSensors":{"nodes":[' || string_agg(
      '{"id":"' || s.id || '","name":' || to_json(s.name) || ',"flowVolume":{"volume":'
      || v.volume || '}}', ',' ORDER BY s.id)
      || '],"flowVolume":{"volume":' || sum(v.volume) || '}}}}' AS body
    FROM ${SENSORS}
    CROSS JOIN LATERAL (${rangeVolume('LINEAR', 'VOLUME')}) AS v`,
};

/** $1 int account id, $2 int sensor id, $3 int pings */
const pings: Statement = {
  name: 'graphql_pings',
  text: `
    SELECT '{"data":{"flowSensor":{"pings":{"nodes":[' || string_agg(
      '{"id":"' || p.id || '","datetime":' || ${instantJson('p.datetime')} || ',"flowrate":' || p.flowrate
      || ',"sensor":{"id":"' || p.sensor_id || '"}}', ',' ORDER BY p.datetime DESC) || ']}}}}' AS body
    FROM flow_sensor s
    CROSS JOIN LATERAL (SELECT * FROM ping WHERE sensor_id = s.id ORDER BY datetime DESC LIMIT $3) AS p
    WHERE s.account_id = $1 AND s.id = $2`,
};

/** $1 int account id, $2 int[] sensor ids, $3 timestamptz[] edges of the days */
const daily: Statement = {
  name: 'graphql_daily',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT '{"data":{"flowSensors":{"nodes":[' || string_agg(
      '{"id":"' || s.id || '","flowVolumes":[' || days.json || ']}', ',' ORDER BY s.id) || ']}}}' AS body
    FROM flow_sensor s
    CROSS JOIN LATERAL (
      SELECT string_agg('{"start":' || ${instantJson(`(${BOUNDARIES})[day]`)} || ',"end":'
        || ${instantJson(`(${BOUNDARIES})[day + 1]`)} || ',"volume":' || coalesce(v.volume, 0) || '}', ',' ORDER BY day) AS json
      FROM generate_series(1, cardinality(${BOUNDARIES}) - 1) AS day
      LEFT JOIN (${bucketVolumes('LINEAR', 'VOLUME')}) AS v ON v.bucket = day
    ) AS days
    WHERE s.account_id = $1 AND s.id = ANY($2::int[])`,
};

interface Body {
  readonly operationName: 'Fleet' | 'Volumes' | 'Pings' | 'Daily';
  readonly variables: { id: number; ids: number[]; first: number; start: string; end: string };
}

/** Answers the benchmark's GraphQL operations, by their names. */
export async function answerGraphQL(pool: pg.Pool, account: number, text: string): Promise<string> {
  const { operationName, variables } = JSON.parse(text) as Body;
  const { id, ids, first, start, end } = variables;
  const range = cutsParameter({ start: new Date(start), end: new Date(end) });
  switch (operationName) {
    case 'Fleet':
      return body(pool, fleet, [account, first, range, 20]);
    case 'Volumes':
      return body(pool, volumes, [account, first, range]);
    case 'Pings':
      return body(pool, pings, [account, id, first]);
    case 'Daily':
      return body(pool, daily, [account, ids, days(Date.parse(start), Date.parse(end))]);
  }
}

async function body(pool: pg.Pool, { name, text }: Statement, values: unknown[]): Promise<string> {
  const { rows } = await pool.query<{ body: string }>({ name, text, values });
  return rows[0]!.body;
}

function days(start: number, end: number): string[] {
  const edges = [start];
  for (let day = (Math.floor(start / DAY_MS) + 1) * DAY_MS; day < end; day += DAY_MS)
    edges.push(day);
  return [...edges, end].map((edge) => new Date(edge).toISOString());
}
