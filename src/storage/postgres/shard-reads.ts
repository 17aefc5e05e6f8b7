import type pg from 'pg';
import { int8Array } from './binary-array.js';
import { parameterText } from './parameter-text.js';
import { DatabaseUnavailableError } from './pg-errors.js';
import type { Shard, ShardMap } from './shard-map.js';
import { nameOnShards, rowsOfShards, UNPREPARED_ROWS } from './shard-rows.js';
import type { Queryable, Statement } from './statement.js';

/** Shards may move while they are asked. */
const MAX_ATTEMPTS = 5;

/** What a statement comes to for some of its sensors. */
export interface Part<Row> {
  /** of the sensors, in the list of all */
  readonly places: readonly number[];
  readonly rows: Row[];
}

/** What statements are sent to, and the shards as it has found them. */
export interface ShardReader extends Queryable {
  readonly shards: ShardMap;
}

interface AskedShard extends Shard {
  readonly places: number[];
}

/**
 * Runs a statement on each shard that has some of the sensors: all nodes at once, on each one shard after the other.
 * @param valuesOf its parameters for the sensors at some places of the list
 */
export async function readShards<Row extends pg.QueryResultRow>(
  reader: ShardReader,
  statement: Statement,
  sensorIds: readonly number[],
  valuesOf: (places: readonly number[]) => readonly unknown[],
): Promise<Part<Row>[]> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const nodes = await byNode(reader, sensorIds);
    const answers = await Promise.all(
      nodes.map((shards) => askNode<Row>(reader, statement, sensorIds, shards, valuesOf)),
    );
    const parts = answers.flatMap((answer) => answer ?? []);
    if (!answers.includes(undefined)) return parts;
    reader.shards.forget();
  }
  throw new DatabaseUnavailableError(new Error('The shards of the sensors are being moved.'));
}

/** The shards of the sensors, those of one node together. */
async function byNode(reader: ShardReader, sensorIds: readonly number[]): Promise<AskedShard[][]> {
  const found = await reader.shards.of(sensorIds, (statement) => reader.query(statement, []));
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
  reader: ShardReader,
  statement: Statement,
  sensorIds: readonly number[],
  shards: readonly AskedShard[],
  valuesOf: (places: readonly number[]) => readonly unknown[],
): Promise<Part<Row>[] | undefined> {
  const parameters = shards.map(({ places }) => valuesOf(places).map(parameterText));
  const ask = async (text: string | null) => {
    const [row] = await reader.query<{ rows: string | null }>(rowsOfShards, [
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
