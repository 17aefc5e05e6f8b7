import type pg from 'pg';

/** Of the shape of `ping`, so that nothing else is done for a row than that it is stored under its key. */
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

/** Inserts the pings of a request's body, as they are, in one statement that is a transaction. */
export async function ingest(pool: pg.Pool, url: string, text: string): Promise<string> {
  const body = JSON.parse(text) as SentPing | SentPing[];
  const pings = Array.isArray(body) ? body : [body];
  const sensor = Number(/flow_sensors\/(\d+)\//.exec(url)?.[1]);
  await insertPings(pool, pings, sensor);
  return `{"recorded":${pings.length},"duplicates":0}`;
}

/** @param sensor of the pings that name none */
export async function insertPings(
  pool: pg.Pool,
  pings: readonly SentPing[],
  sensor: number,
): Promise<void> {
  await pool.query({
    ...insert,
    values: [
      pings.map(({ sensor_id }) => sensor_id ?? sensor),
      pings.map(({ datetime }) => datetime),
      pings.map(({ flowrate }) => flowrate),
    ],
  });
}
