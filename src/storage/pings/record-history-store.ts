import type { Database, Statement } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';

const recordingStart: Statement = {
  name: 'recording_start',
  text: `
    SELECT round(date_part('epoch', recorded_since) * 1000) AS at FROM ping_recording_start
    ORDER BY recorded_since LIMIT 1`,
};

/** Those of the sensors that are the account's. $1 int account id, $2 int[] sensor ids */
const ownSensors: Statement = {
  name: 'own_sensors',
  text: `
    SELECT coalesce(array_agg(id), '{}') AS ids FROM flow_sensor
    WHERE account_id = $1 AND id = ANY($2::int[])`,
};

/**
 * Waits until no transaction that has locked one of the sensors before is still open. A statement of its
 * own, because Citus would call the function where the sensor is. $1 int[] sensor ids
 */
const awaitWriters: Statement = {
  name: 'await_writers',
  text: 'SELECT await_pings($1::int[])',
};

/** What is known of the instants at which pings were recorded. */
export class RecordHistoryStore {
  constructor(private readonly database: Database) {}

  /**
   * Since when pings are stored with the instant at which they were recorded. Undefined where every
   * ping has been.
   */
  async recordedSince(): Promise<Date | undefined> {
    const [row] = await this.database.query<{ at: number }>(recordingStart, []);
    return row && new Date(row.at);
  }

  async awaitWriters(reader: Reader, sensorIds: readonly number[]): Promise<void> {
    const { reads } = this.database;
    const values = [reader.accountId, sensorIds];
    const [own] = await reads.query<{ ids: number[] }>(reader, ownSensors, values);
    await reads.query(reader, awaitWriters, [own!.ids]);
  }
}
