import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { int4Array } from './binary-array.js';
import { IS_ON_CLUSTER } from './cluster-sessions.js';
import { parameterText } from './parameter-text.js';
import { isNotSupported } from './pg-errors.js';
import type { Reader } from './reader.js';
import type { Reads } from './reads.js';
import { onShard, onShards } from './shard-rows.js';
import type { Statement } from './statement.js';

/** The names of the statements that Citus has refused as they are. */
const refused = new Set<string>();

/**
 * Runs a statement of one sensor; where Citus does not take it as it is, on the shard that has the sensor.
 * @param statement of sensor `s` whose id is the parameter $2, the account's the parameter $1
 */
export function readSensor<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  return unlessRefused(
    reads,
    reader,
    statement,
    () => reads.query<Row>(reader, statement, values),
    () => readShards<Row>(reads, reader, onShard(statement), values[1], values),
  );
}

/**
 * Runs a statement of many sensors; where Citus does not take it as it is, on each shard that has any of them.
 * @param statement of sensors `s` whose ids are the parameter $2::int[], the account's the parameter $1
 * @param values all of its parameters
 * @returns the rows in the order of the statement; where they come from several shards, by sensor
 */
export function readSensors<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  values: readonly unknown[],
): Promise<Row[]> {
  return unlessRefused(
    reads,
    reader,
    statement,
    () => reads.query<Row>(reader, statement, values),
    () => readShards<Row>(reads, reader, onShards(statement), int4Array(sensorIds), values),
  );
}

async function readShards<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  onThem: Statement,
  sensors: unknown,
  values: readonly unknown[],
): Promise<Row[]> {
  const found = await reads.query<{ rows: Row[] | null }>(reader, onThem, [
    ...[reader.accountId, sensors, randomUUID()],
    values.map(parameterText),
  ]);
  const rows = found.flatMap((shard) => shard.rows ?? []);
  // Within a sensor they are in the order of the statement already.
  return rows.sort((a, b) => Number(a['sensor_id'] ?? 0) - Number(b['sensor_id'] ?? 0));
}

const onCluster: Statement = {
  name: 'on_cluster',
  text: `SELECT ${IS_ON_CLUSTER} AS is_on_cluster`,
};

/** Runs a statement in one way; where Citus refuses it, in another one, and so from then on. */
export async function unlessRefused<T>(
  reads: Reads,
  reader: Reader,
  { name }: Statement,
  run: () => Promise<T>,
  runOtherwise: () => Promise<T>,
): Promise<T> {
  if (!refused.has(name)) {
    try {
      return await run();
    } catch (error) {
      if (!isNotSupported(error)) throw error;
      // PostgreSQL itself has the same code for a plan that a migration has made useless.
      const [row] = await reads.query<{ is_on_cluster: boolean }>(reader, onCluster, []);
      if (!row!.is_on_cluster) throw error;
      refused.add(name);
    }
  }
  return runOtherwise();
}
