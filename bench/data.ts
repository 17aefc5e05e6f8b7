import type { Database } from '../src/storage/postgres/database.js';
import { ALL, ALL_START } from '../src/storage/summaries/sql/level.js';
import { EMPTY_PIECE, PIECE_COLUMNS } from '../src/storage/summaries/sql/piece.js';
import { SummaryStore } from '../src/storage/summaries/summary-store.js';
import { TokenStore } from '../src/storage/accounts/token-store.js';
import { sha256 } from '../src/domain/shared/secrets.js';
import type { Options } from './options.js';

/** The newest ping of each sensor lies just before this instant, whenever the benchmark runs. */
export const END = Date.UTC(2026, 0, 1);
const STEP_MS = 300_000;

/** The same in every run and every database. */
export const TOKEN = 'fg_benchmark';

/** Creates an account with a token of every scope. @returns the account's id */
export async function createAccount(
  database: Database,
  name = 'bench',
  key = TOKEN,
): Promise<number> {
  const { id } = await database.prisma.account.create({ data: { name } });
  const token = { name, hash: sha256(key), scopes: ['ADMIN' as const], expiresAt: null };
  await new TokenStore(database).create(id, token, (created) => ({
    ...{ accountId: id, type: 'TOKEN_CREATED', actorType: 'OPERATOR', actorName: 'bench' },
    ...{ address: null, subjectType: 'TOKEN', subjectId: String(created.id), subjectName: name },
    details: {},
  }));
  return id;
}

/** @returns the ids of the new sensors, ascending */
export async function createSensors(
  database: Database,
  accountId: number,
  count: number,
): Promise<number[]> {
  const { rows } = await database.pool.query<{ id: number }>(
    `INSERT INTO flow_sensor (account_id, name, latitude, longitude, pipe_diameter, activated_at)
     SELECT $1, 'Sensor ' || n, 25 + n * 7919 % 2000 / 100.0, -120 + n * 104729 % 4000 / 100.0,
       8 + n % 40 / 2.0, timestamptz '2015-01-01'
     FROM generate_series(1, $2::int) AS n RETURNING id`,
    [accountId, count],
  );
  const ids = rows.map(({ id }) => id);
  await database.pool.query(
    `INSERT INTO ping_summary (sensor_id, level, start, ${PIECE_COLUMNS})
     SELECT id, ${ALL}, timestamptz '${ALL_START}', ${EMPTY_PIECE} FROM unnest($1::int[]) AS id`,
    [ids],
  );
  return ids;
}

/**
 * Gives sensors pings up to END: one in every five minutes, not at round instants, with a daily
 * wave and noise. Equal ids get equal pings.
 */
export async function createPings(
  database: Database,
  sensorIds: readonly number[],
  count: number,
): Promise<void> {
  await database.pool.query(
    `INSERT INTO ping (sensor_id, datetime, flowrate)
     SELECT s.id, timestamptz 'epoch' + (${END} - n * ${STEP_MS} + noise % 60000) * interval '1 ms',
       floor(50000 + 15000 * sin(n / 288.0 * 6.283185307) + noise % 9973) / 10
     FROM unnest($1::int[]) AS s (id) CROSS JOIN generate_series($2::bigint, 1, -1) AS n
     CROSS JOIN LATERAL (SELECT (n * 1103515245 + s.id * 12345) % 2147483647 AS noise) AS random
     ORDER BY s.id, n DESC`,
    [sensorIds, count],
  );
  const summaries = new SummaryStore(database);
  for (const id of sensorIds) await summaries.rebuild(id);
}

/** Sensors with pings up to END. */
export interface Histories {
  /** ascending */
  readonly ids: readonly number[];
  /** the sensor with the long history */
  readonly deep: number;
  readonly deepPings: number;
  /** the sensors with a year or more */
  readonly yearly: readonly number[];
}

export async function createHistories(
  database: Database,
  accountId: number,
  { sensors, deepPings, yearlySensors, yearlyPings, sensorPings }: Options,
): Promise<Histories> {
  const ids = await createSensors(database, accountId, sensors);
  const deep = ids[0]!;
  const yearly = ids.slice(1, 1 + yearlySensors);
  await createPings(database, [deep], deepPings);
  await createPings(database, yearly, yearlyPings);
  await createPings(database, ids.slice(1 + yearlySensors), sensorPings);
  return { ids, deep, deepPings, yearly };
}

/** Does what autovacuum would do in time, so that the first requests are not slowed by it. */
export async function settle(database: Database): Promise<void> {
  await database.pool.query('VACUUM (ANALYZE)');
  await database.pool.query('CHECKPOINT');
}
