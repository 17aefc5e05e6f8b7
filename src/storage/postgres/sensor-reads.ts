import type pg from 'pg';
import { IS_ON_CLUSTER } from './cluster-sessions.js';
import { ofManySensors, ofOneSensor, ofSensor } from './one-sensor.js';
import { isNotSupported } from './pg-errors.js';
import type { Reader } from './reader.js';
import type { Reads } from './reads.js';
import type { Statement } from './statement.js';

const MAX_AT_ONCE = 8;

/** The names of the statements that Citus has refused as they are. */
const refused = new Set<string>();

/**
 * Runs a statement of one sensor; where Citus does not take it as it is, in the form that it takes.
 * @param statement of sensor `s` whose id is the parameter $2
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
    () => reads.query<Row>(reader, ofSensor(statement), values),
  );
}

/**
 * Runs a statement of many sensors; where Citus does not take it as it is, in the form that it takes, and
 * where it has none for many at once, for each of them.
 * @param statement of sensors `s` whose ids are the parameter $2::int[]
 * @param values all of its parameters
 * @returns the rows in the order of the statement; where it is run for each, first those of the least id
 */
export function readSensors<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  values: readonly unknown[],
): Promise<Row[]> {
  const run = (form: Statement) => reads.query<Row>(reader, form, values);
  return unlessRefused(
    reads,
    reader,
    statement,
    () => run(statement),
    () => {
      const ofMany = ofManySensors(statement);
      const each = () => readEach<Row>(reads, reader, statement, sensorIds, values);
      return unlessRefused(reads, reader, ofMany, () => run(ofMany), each);
    },
  );
}

async function readEach<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  values: readonly unknown[],
): Promise<Row[]> {
  const ofOne = ofOneSensor(statement, values.length + 1);
  const ids = [...new Set(sensorIds)].sort((a, b) => a - b);
  const rows: Row[] = [];
  for (let next = 0; next < ids.length; next += MAX_AT_ONCE) {
    const some = ids.slice(next, next + MAX_AT_ONCE);
    const found = await Promise.all(
      some.map((id) => reads.query<Row>(reader, ofOne, [...values, id])),
    );
    rows.push(...found.flat());
  }
  return rows;
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
