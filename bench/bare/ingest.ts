import type pg from 'pg';
import type { Database } from '../../src/storage/postgres/database.js';
import { refreshInstants } from '../../src/storage/summaries/sql/refresh-summaries.js';
import { lockSensors } from '../../src/storage/summaries/lock-sensors.js';

/** Has the columns and key of `ping` and nothing else, so that a row costs only its storage. */
export const CREATE_BARE_PING = `
  CREATE TABLE bare_ping (
    sensor_id int NOT NULL, datetime timestamptz(3) NOT NULL, flowrate float8 NOT NULL, id bigserial NOT NULL,
    PRIMARY KEY (sensor_id, datetime)
  )`;

const insert = {
  name: 'bare_insert',
  text: `INSERT INTO bare_ping (sensor_id, datetime, flowrate) SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::float8[])`,
};

export interface SentPing {
  readonly sensor_id?: number;
  readonly flowrate: number;
  readonly datetime: string;
}

/** Lets PostgreSQL assign the id by the column's default. */
const insertWithIds = {
  name: 'bare_insert_ping',
  text: `INSERT INTO ping (sensor_id, datetime, flowrate) SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::float8[])`,
};

/**
 * Inserts the pings of a request's body unchecked, with their summaries, in a transaction of one
 * round trip.
 */
export async function ingest(database: Database, url: string, text: string): Promise<string> {
  const body = JSON.parse(text) as SentPing | SentPing[];
  const pings = Array.isArray(body) ? body : [body];
  const sensor = Number(/flow_sensors\/(\d+)\//.exec(url)?.[1]);
  const [sensorIds, datetimes, flowrates] = columns(pings, sensor);
  await database.pipeline((transaction) => {
    transaction.send(lockSensors, [[...new Set(sensorIds)], 0]);
    transaction.send(insertWithIds, [sensorIds, datetimes, flowrates]);
    const hours = hoursOf(sensorIds, datetimes);
    for (const level of refreshInstants.levels) transaction.send(level, hours);
    return Promise.resolve();
  });
  return `{"recorded":${pings.length},"duplicates":0}`;
}

/** @param sensor id for the pings that do not name a sensor */
export async function insertPings(
  pool: pg.Pool,
  pings: readonly SentPing[],
  sensor: number,
): Promise<void> {
  await pool.query({ ...insert, values: columns(pings, sensor) });
}

function columns(pings: readonly SentPing[], sensor: number): [number[], string[], number[]] {
  return [
    pings.map(({ sensor_id }) => sensor_id ?? sensor),
    pings.map(({ datetime }) => datetime),
    pings.map(({ flowrate }) => flowrate),
  ];
}

/** An instant of each hour that holds one of the pings. */
function hoursOf(sensorIds: readonly number[], datetimes: readonly string[]) {
  const hours = new Map(
    datetimes.map((datetime, index) => [
      `${sensorIds[index]} ${datetime.slice(0, 'YYYY-MM-DDTHH'.length)}`,
      [sensorIds[index], datetime] as const,
    ]),
  );
  return [[...hours.values()].map(([id]) => id), [...hours.values()].map(([, at]) => at)];
}
