import type pg from 'pg';
import { int8Array } from './binary-array.js';
import { parameterText } from './parameter-text.js';
import { DatabaseUnavailableError } from './pg-errors.js';
import type { Reader } from './reader.js';
import type { Reads } from './reads.js';
import type { Shard } from './shard-map.js';
import { nameOnShards, rowsOfShards, UNPREPARED_ROWS } from './shard-rows.js';
import type { Statement } from './statement.js';

/** Shards may move while they are asked. */
const MAX_ATTEMPTS = 5;

/** What a statement comes to for some of its sensors. */
export interface Part<Row> {
  /** of the sensors, in the list of all */
  readonly places: readonly number[];
  readonly rows: Row[];
}

interface AskedShard extends Shard {
  readonly places: number[];
}

/**
 * Runs a statement on each shard that has some of the sensors: all nodes at once, on each one shard after the other.
 * @param valuesOf its parameters for the sensors at some places of the list
 */
export async function readShards<Row extends pg.QueryResultRow>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  valuesOf: (places: readonly number[]) => readonly unknown[],
): Promise<Part<Row>[]> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const nodes = await byNode(reads, reader, sensorIds);
    const answers = await Promise.all(
      nodes.map((shards) => askNode<Row>(reads, reader, statement, sensorIds, shards, valuesOf)),
    );
    const parts = answers.flatMap((answer) => answer ?? []);
    if (!answers.includes(undefined)) return parts;
    reads.shards.forget();
  }
  throw new DatabaseUnavailableError(new Error('The shards of the sensors are being moved.'));
}

/** The shards of the sensors, those of one node together. */
async function byNode(
  reads: Reads,
  reader: Reader,
  sensorIds: readonly number[],
): Promise<AskedShard[][]> {
  const found = await reads.shards.of(sensorIds, (statement) => reads.query(reader, statement, []));
  const shards = new Map<string, AskedShard>();
  found.forEach(({ id, node }, place) => {
    const shard = shards.get(id);
    if (shard) shard.places.push(place);
    else shards.set(id, { id, node, places: [place] });
  });
  const nodes = new Map<number, AskedShard[]>();
  for (const shard of shards.values()) {
    nodes.set(shard.node, [...(nodes.get(shard.node) ?? []), shard]);
  }
  return [...nodes.values()];
}

/** @returns undefined where the node has not all of the shards any more */
async function askNode<Row>(
  reads: Reads,
  reader: Reader,
  statement: Statement,
  sensorIds: readonly number[],
  shards: readonly AskedShard[],
  valuesOf: (places: readonly number[]) => readonly unknown[],
): Promise<Part<Row>[] | undefined> {
  const parameters = shards.map(({ places }) => valuesOf(places).map(parameterText));
  const ask = async (text: string | null) => {
    const [row] = await reads.query<{ rows: string | null }>(reader, rowsOfShards, [
      ...[sensorIds[shards[0]!.places[0]!], nameOnShards(statement), text],
      ...[int8Array(shards.map(({ id }) => id)), parameters],
    ]);
    return row!.rows;
  };
  let rows = await ask(null);
  if (rows === UNPREPARED_ROWS) rows = await ask(statement.text);
  if (rows === null) return undefined;
  const found = JSON.parse(rows) as Row[][];
  return shards.map(({ places }, index) => ({ places, rows: found[index]! }));
}
