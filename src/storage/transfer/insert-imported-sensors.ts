import type { Queryable, Statement } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { ALL, ALL_START } from '../summaries/sql/level.js';
import { EMPTY_PIECE, PIECE_COLUMNS } from '../summaries/sql/piece.js';

/** A sensor to be created with an id that was reserved before; degrees (WGS 84), inches. */
export interface ReservedSensor {
  readonly id: number;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly pipeDiameter: number | null;
  readonly activatedAt: Date | null;
}

const reserveId: Statement = {
  name: 'reserve_id',
  text: `SELECT nextval(pg_get_serial_sequence('flow_sensor', 'id'))::int AS id`,
};

/**
 * $1 int account, $2 int[] ids, $3 text[] names, $4 $5 $6 float8[] latitudes, longitudes, pipe
 * diameters, $7 timestamptz[] activated at
 */
const insertSensors: Statement = {
  name: 'insert_sensors',
  text: `
    INSERT INTO flow_sensor (account_id, id, name, latitude, longitude, pipe_diameter, activated_at)
    SELECT $1, * FROM unnest($2::int[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::timestamptz[])`,
};

/** The empty summary that every sensor has from its creation on. $1 int[] ids */
const insertEmptySummaries: Statement = {
  name: 'insert_empty_summaries',
  text: `
    INSERT INTO ping_summary (sensor_id, level, start, ${PIECE_COLUMNS})
    SELECT id, ${ALL}, timestamptz '${ALL_START}', ${EMPTY_PIECE} FROM unnest($1::int[]) AS id`,
};

/** Reserves an id that no other sensor will get. */
export async function reserveSensorId(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ id: number }>(reserveId, []);
  return row!.id;
}

export async function insertImportedSensors(
  transaction: Queryable,
  accountId: number,
  sensors: readonly ReservedSensor[],
): Promise<void> {
  const ids = sensors.map(({ id }) => id);
  await transaction.query(insertSensors, [
    accountId,
    ids,
    sensors.map(({ name }) => name),
    sensors.map(({ latitude }) => latitude),
    sensors.map(({ longitude }) => longitude),
    sensors.map(({ pipeDiameter }) => pipeDiameter),
    sensors.map(({ activatedAt }) => activatedAt && instantParameter(activatedAt)),
  ]);
  await transaction.query(insertEmptySummaries, [ids]);
}
