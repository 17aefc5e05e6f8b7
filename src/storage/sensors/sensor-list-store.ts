import type { Reader } from '../postgres/reader.js';
import { unlessRefused } from '../postgres/sensor-reads.js';
import type { Database } from '../postgres/database.js';
import { unpackSensors, type SensorListEntry, type PackedSensors } from './packed-sensors.js';
import { countListed, sensorList, sensorListEntry, sensorsOfPage } from './sql/sensor-list.js';

export type { SensorListEntry } from './packed-sensors.js';

interface SensorPage {
  readonly count: number;
  readonly sensors: SensorListEntry[];
}

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
  page(reader: Reader, page: number | null, size: number): Promise<SensorPage> {
    return unlessRefused(
      this.database.reads,
      reader,
      sensorList,
      () => this.wholePage(reader, page, size),
      () => this.splitPage(reader, page, size),
    );
  }

  /** The count and the sensors of one snapshot. */
  private async wholePage(reader: Reader, page: number | null, size: number): Promise<SensorPage> {
    const [row] = await this.database.reads.query<PackedSensors & { count: number }>(
      reader,
      sensorList,
      [reader.accountId, page, size],
    );
    return row ? { count: row.count, sensors: unpackSensors(row) } : { count: 0, sensors: [] };
  }

  /** The same in two statements, as Citus wants to know first where the page begins. */
  private async splitPage(reader: Reader, page: number | null, size: number): Promise<SensorPage> {
    const { accountId } = reader;
    const { reads } = this.database;
    const [total] = await reads.query<{ count: number }>(reader, countListed, [accountId]);
    const { count } = total!;
    const number = page ?? Math.max(Math.ceil(count / size), 1);
    const [row] = await reads.query<PackedSensors>(reader, sensorsOfPage, [
      accountId,
      number,
      size,
    ]);
    return { count, sensors: unpackSensors(row!) };
  }
}
