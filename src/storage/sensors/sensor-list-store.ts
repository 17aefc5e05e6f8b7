import type { Database } from '../postgres/database.js';
import { unpackSensors, type ListedSensor, type PackedSensors } from './packed-sensors.js';
import { listedSensor, listedSensors } from './sql/sensor-list.js';

export type { ListedSensor } from './packed-sensors.js';

/** Sensors with their last pings. */
export class ListedSensorStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined where the account has no such sensor */
  async one(accountId: number, sensorId: number): Promise<ListedSensor | undefined> {
    const [row] = await this.database.query<PackedSensors>(listedSensor, [accountId, sensorId]);
    return row && unpackSensors(row)[0];
  }

  /** By id. @param page from 1, null for the last */
  async page(
    accountId: number,
    page: number | null,
    size: number,
  ): Promise<{ count: number; sensors: ListedSensor[] }> {
    const [row] = await this.database.query<PackedSensors & { count: number }>(listedSensors, [
      accountId,
      page,
      size,
    ]);
    return row ? { count: row.count, sensors: unpackSensors(row) } : { count: 0, sensors: [] };
  }
}
