import type pg from 'pg';
import type { Statement } from '../../src/storage/postgres/database.js';
import { instantJson } from './instant-json.js';
import { bucketVolumes, BOUNDARIES } from '../../src/storage/volumes/sql/bucket-volumes.js';
import { cutsParameter } from '../../src/storage/volumes/range-cuts.js';
import { rangeVolume } from '../../src/storage/volumes/sql/range-volume.js';
import { splitBuckets } from '../../src/storage/volumes/sql/range-pieces.js';
import { pageOfPings, PINGS_OF_PAGE } from '../../src/storage/pings/sql/ping-page.js';
import { roundedVolume } from '../../src/storage/volumes/sql/rounded-volume.js';
import { sensorPage } from './sensor-page.js';

const PAGE_SIZE = 1000;
const HOUR_MS = 3_600_000;
const EVER = ['-infinity', 'infinity'];

/** $1 int account id, $2 int sensor id, $3 timestamptz[8] the cuts of the range */
const volumeBody: Statement = {
  name: 'volume_body',
  text: `
    SELECT '{"sensor_id":' || s.id || ',"sensor_name":' || to_json(s.name)
      || ',"flow_volume":' || ${roundedVolume('v.volume')}
      || ',"start":' || ${instantJson('($3::timestamptz[])[1]')}
      || ',"end":' || ${instantJson('($3::timestamptz[])[8]')} || '}' AS body
    FROM flow_sensor s CROSS JOIN LATERAL (${rangeVolume('LINEAR', 'VOLUME')}) AS v
    WHERE s.account_id = $1 AND s.id = $2`,
};

/** As Flowgate's `pingPage`, the pings as the text of a JSON array. */
const pingBodies: Statement = {
  name: 'ping_bodies',
  text: pageOfPings(`(
    SELECT '[' || coalesce(string_agg(
      '{"id":' || p.id || sensor.json || p.flowrate || ',"datetime":' || ${instantJson('p.datetime')} || '}',
      ',' ORDER BY p.datetime DESC), '') || ']'
    FROM (
      SELECT ',"sensor_id":' || s.id || ',"sensor_name":' || to_json(s.name) || ',"flowrate":' AS json
    ) AS sensor
    CROSS JOIN LATERAL (${PINGS_OF_PAGE}) AS p
  ) AS results`),
};

/** $1 int account id, $2 int sensor id, $3 timestamptz[] edges, ascending */
const hourBodies: Statement = {
  name: 'hour_bodies',
  text: `
    WITH ${splitBuckets(BOUNDARIES)}
    SELECT (
      SELECT '[' || coalesce(string_agg(
        '{"sensor_id":' || s.id || ',"sensor_name":' || to_json(s.name)
        || ',"flow_volume":' || coalesce(${roundedVolume('v.volume')}, 0)
        || ',"start":' || ${instantJson('range_start')} || ',"end":' || ${instantJson('range_end')} || '}',
        ',' ORDER BY range.bucket DESC), '') || ']'
      FROM (
        SELECT bucket, (${BOUNDARIES})[bucket] AS range_start, (${BOUNDARIES})[bucket + 1] AS range_end
        FROM generate_series(1, cardinality(${BOUNDARIES}) - 1) AS bucket
      ) AS range
      LEFT JOIN (${bucketVolumes('LINEAR', 'VOLUME')}) AS v ON v.bucket = range.bucket
    ) AS results
    FROM flow_sensor s
    WHERE s.account_id = $1 AND s.id = $2`,
};

/** Answers the benchmark's GET requests. */
export async function answerRest(
  pool: pg.Pool,
  account: number,
  url: string,
  host: string,
): Promise<string> {
  const [path = '', query = ''] = url.split('?');
  const [, , , , sensor, what, start = '', end = ''] = path.split('/');
  const page = Number(/page=(\d+)/.exec(query)?.[1] ?? 1);
  const place = `http://${host}${path}`;
  if (!sensor) {
    const row = await first(pool, sensorPage, [account, page, PAGE_SIZE]);
    return list(row, page, place);
  }
  if (what === 'pings') {
    const row = await first(pool, pingBodies, [account, sensor, EVER, page, PAGE_SIZE]);
    return list(row, page, place);
  }
  if (what === 'flow_volume') {
    const cuts = cutsParameter({ start: new Date(start), end: new Date(end) });
    const row = await first(pool, volumeBody, [account, sensor, cuts]);
    return row['body'] as string;
  }
  const range = [Date.parse(start), Date.parse(end)] as const;
  const count = Math.ceil(range[1] / HOUR_MS) - Math.floor(range[0] / HOUR_MS);
  const row = await first(pool, hourBodies, [account, sensor, hoursOfPage(...range, page)]);
  return list({ ...row, count }, page, place);
}

async function first(pool: pg.Pool, { name, text }: Statement, values: unknown[]) {
  const { rows } = await pool.query<Record<string, unknown>>({ name, text, values });
  return rows[0]!;
}

function list(row: Record<string, unknown>, page: number, place: string): string {
  const count = row['count'] as number;
  const next = count > page * PAGE_SIZE ? `"${place}?page=${page + 1}"` : 'null';
  const before = page === 2 ? `"${place}"` : `"${place}?page=${page - 1}"`;
  const previous = page > 1 ? before : 'null';
  return `{"count":${count},"next":${next},"previous":${previous},"results":${row['results'] as string}}`;
}

/** Edges of the hours of a page, ascending; the newest hours are on page 1. */
function hoursOfPage(start: number, end: number, page: number): string[] {
  const last = Math.ceil(end / HOUR_MS) - (page - 1) * PAGE_SIZE;
  const first = Math.max(last - PAGE_SIZE, Math.floor(start / HOUR_MS));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    new Date(Math.min(Math.max((first + index) * HOUR_MS, start), end)).toISOString(),
  );
}
