import type pg from 'pg';
import type { Statement } from './statement.js';

/** A shard of flow_sensor on a cluster. */
export interface Shard {
  readonly id: string;
  readonly node: number;
}

interface ShardRow extends Shard, pg.QueryResultRow {
  /** of the hashes of the ids that it has, inclusive */
  readonly max: number;
}

/** The shards of flow_sensor by the hashes of their ids, ascending. */
const sensorShards: Statement = {
  name: 'sensor_shards',
  text: `
    SELECT s.shardid::text AS id, s.shardmaxvalue::int AS max, p.groupid AS node
    FROM pg_dist_shard s JOIN pg_dist_placement p ON p.shardid = s.shardid
    WHERE s.logicalrelid = 'flow_sensor'::regclass
    ORDER BY s.shardmaxvalue::int`,
};

/** Knows which node of a cluster has a sensor, as it was when it was asked. */
export class ShardMap {
  private rows: Promise<readonly ShardRow[]> | undefined;

  /** The shard of each sensor, in their order. @param read of the coordinator, where they are not known yet */
  async of(
    sensorIds: readonly number[],
    read: (statement: Statement) => Promise<readonly ShardRow[]>,
  ): Promise<readonly Shard[]> {
    const asked = (this.rows ??= read(sensorShards));
    try {
      const rows = await asked;
      return sensorIds.map((id) => {
        const hash = hashOf(id);
        return rows.find(({ max }) => hash <= max)!;
      });
    } catch (error) {
      this.forget(asked);
      throw error;
    }
  }

  /** To be called where a node has not a shard any more. */
  forget(asked = this.rows): void {
    if (this.rows === asked) this.rows = undefined;
  }
}

/** What Citus distributes an int4 by: hashint4 of PostgreSQL. */
export function hashOf(value: number): number {
  const seed = 0x9e3779b9 + 4 + 3923095;
  let [a, b, c] = [(seed + value) | 0, seed | 0, seed | 0];
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  return ((c ^ b) - rotated(b, 24)) | 0;
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
