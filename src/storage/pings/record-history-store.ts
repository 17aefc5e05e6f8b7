import type { Database, Statement } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';

const recordingStart: Statement = {
  name: 'recording_start',
  text: `
    SELECT round(date_part('epoch', recorded_since) * 1000) AS at FROM ping_recording_start
    ORDER BY recorded_since LIMIT 1`,
};

/**
 * Waits until no transaction that has locked one of the account's sensors before is still open. $1
 * int account id, $2 int[] sensor ids
 */
const awaitWriters: Statement = {
  name: 'await_writers',
  text: `
    WITH own AS MATERIALIZED (
      SELECT array_agg(id) AS ids FROM flow_sensor WHERE account_id = $1 AND id = ANY($2::int[])
    )
    SELECT await_pings(ids) FROM own`,
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
    await this.database.reads.query(reader, awaitWriters, [reader.accountId, sensorIds]);
  }
}
