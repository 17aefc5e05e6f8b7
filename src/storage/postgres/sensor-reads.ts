import type pg from 'pg';
import { IS_ON_CLUSTER } from './cluster-sessions.js';
import { isNotSupported } from './pg-errors.js';
import type { Reader } from './reader.js';
import type { Reads } from './reads.js';
import { readShards, type Part, type ShardReader } from './shard-reads.js';
import type { Statement } from './statement.js';

/**
 * Runs a statement of one sensor; where Citus does not take it as it is, on the shard that has the sensor.
 * @param statement of sensor `s` whose id is the parameter $2, the account's the parameter $1
 */
export async function readSensor<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorId: number,
  values: readonly unknown[],
): Promise<Row[]> {
  const parts = await readParts<Row>(reads, reader, statement, [sensorId], () => values);
  return parts.flatMap(({ rows }) => rows);
}

/**
 * Runs a statement of many sensors; where Citus does not take it as it is, on each shard that has any of them.
 * @param statement of sensors `s` whose ids are the parameter $2::int[], the account's the parameter $1
 * @param valuesOf all of its parameters for some of the sensors
 * @returns the rows in the order of the statement; where they come from several shards, by sensor
 */
export async function readSensors<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  valuesOf: (sensorIds: readonly number[]) => readonly unknown[],
): Promise<Row[]> {
  const parts = await readParts<Row>(reads, reader, statement, sensorIds, (places) =>
    valuesOf(places.map((place) => sensorIds[place]!)),
  );
  const [only, ...others] = parts;
  if (only && others.length === 0) return only.rows;
  // Within a sensor they are in the order of the statement already.
  return parts
    .flatMap(({ rows }) => rows)
    .sort((a, b) => Number(a['sensor_id'] ?? 0) - Number(b['sensor_id'] ?? 0));
}

/**
 * The same of a statement of ranges of sensors, which numbers them in their order.
 * @param resultsOf what the rows of some of the ranges come to, for each of these
 * @returns the results of all, in their order
 */
export async function readRanges<Range extends { readonly sensorId: number }, Result>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  ranges: readonly Range[],
  valuesOf: (ranges: readonly Range[]) => readonly unknown[],
  resultsOf: (rows: readonly pg.QueryResultRow[], ranges: number) => readonly Result[],
): Promise<Result[]> {
  const sensorIds = ranges.map(({ sensorId }) => sensorId);
  const parts = await readParts(reads, reader, statement, sensorIds, (places) =>
    valuesOf(places.map((place) => ranges[place]!)),
  );
  const results = new Array<Result>(ranges.length);
  for (const { places, rows } of parts) {
    const found = resultsOf(rows, places.length);
    places.forEach((place, index) => {
      results[place] = found[index]!;
    });
  }
  return results;
}

function readParts<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  valuesOf: (places: readonly number[]) => readonly unknown[],
): Promise<readonly Part<Row>[]> {
  return unlessRefused<readonly Part<Row>[]>(
    reads,
    reader,
    statement,
    async () => {
      const places = sensorIds.map((_, place) => place);
      return [{ places, rows: await reads.query<Row>(reader, statement, valuesOf(places)) }];
    },
    () => readShards<Row>(shardReader(reads, reader), statement, sensorIds, valuesOf),
  );
}

function shardReader(reads: Reads, reader: Reader): ShardReader {
  return {
    shards: reads.shards,
    query: (statement, values) => reads.query(reader, statement, values),
  };
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
  if (!reads.refused.has(name)) {
    try {
      return await run();
    } catch (error) {
      if (!isNotSupported(error)) throw error;
      // PostgreSQL itself has the same code for a plan that a migration has made useless.
      const [row] = await reads.query<{ is_on_cluster: boolean }>(reader, onCluster, []);
      if (!row!.is_on_cluster) throw error;
      reads.refused.add(name);
    }
  }
  return runOtherwise();
}
