import type pg from 'pg';
import type { Statement, Transaction } from '../postgres/database.js';
import { ShardMap } from '../postgres/shard-map.js';
import { readShards } from '../postgres/shard-reads.js';
import { cutsParameter } from '../volumes/range-cuts.js';
import { sensorVolume } from '../volumes/sql/flow-volumes.js';
import type { SensorVolumes } from './format.js';

// From before the first to after the last instant that a ping can have.
const ALWAYS = cutsParameter({
  start: new Date('0001-01-01T00:00:00Z'),
  end: new Date('+010000-01-01T00:00:00Z'),
});

/** Each sensor's volumes over all of its time, as the APIs compute them. */
export async function readVolumes(transaction: Transaction): Promise<SensorVolumes[]> {
  const { rows } = await transaction.client.query<{ id: number; account_id: number }>(
    'SELECT id, account_id FROM flow_sensor ORDER BY id',
  );
  const read = reads(transaction);
  const volumes: SensorVolumes[] = [];
  for (const { id, account_id } of rows) {
    const volume = async (method: keyof typeof sensorVolume) => {
      const [row] = await read(sensorVolume[method], id, [account_id, id, ALWAYS]);
      return row?.volume ?? 0;
    };
    volumes.push({ sensorId: id, linear: await volume('LINEAR'), step: await volume('STEP') });
  }
  return volumes;
}

type Read = (
  statement: Statement,
  sensorId: number,
  values: readonly unknown[],
) => Promise<{ volume: number }[]>;

/** Citus takes the statements on the shard of a sensor only, and one that it refuses would end the transaction. */
function reads(transaction: Transaction): Read {
  if (!transaction.isDistributed) {
    return (statement, _sensorId, values) => transaction.query(statement, values);
  }
  const reader = {
    shards: new ShardMap(),
    query: <Row extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      transaction.query<Row>(statement, values),
  };
  return async (statement, sensorId, values) => {
    const parts = await readShards<{ volume: number }>(reader, statement, [sensorId], () => values);
    return parts.flatMap(({ rows }) => rows);
  };
}
