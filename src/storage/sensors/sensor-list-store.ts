import type { Reader } from '../postgres/reader.js';
import type { Database } from '../postgres/database.js';
import { unpackSensors, type SensorListEntry, type PackedSensors } from './packed-sensors.js';
import { sensorListEntry, sensorList } from './sql/sensor-list.js';

export type { SensorListEntry } from './packed-sensors.js';

/** Sensors with their last pings. */
export class SensorListStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined where the account has no such sensor */
  async one(reader: Reader, sensorId: number): Promise<SensorListEntry | undefined> {
    const [row] = await this.database.reads.query<PackedSensors>(reader, sensorListEntry, [
      reader.accountId,
      sensorId,
    ]);
    return row && unpackSensors(row)[0];
  }

  /** By id. @param page from 1, null for the last */
  async page(
    reader: Reader,
    page: number | null,
    size: number,
  ): Promise<{ count: number; sensors: SensorListEntry[] }> {
    const [row] = await this.database.reads.query<PackedSensors & { count: number }>(
      reader,
      sensorList,
      [reader.accountId, page, size],
    );
    return row ? { count: row.count, sensors: unpackSensors(row) } : { count: 0, sensors: [] };
  }
}
