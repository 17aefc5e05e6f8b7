import type { Database } from './database.js';
import { sensorBody, sensorPage } from './sql/sensor-bodies.js';

export interface SensorBodyPage {
  readonly count: number;
  readonly results: string;
}

/** Sensors with their last pings, as the documented JSON. */
export class SensorBodyStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined where the account has no such sensor */
  async body(accountId: number, sensorId: number): Promise<string | undefined> {
    const [row] = await this.database.query<{ body: string }>(sensorBody, [accountId, sensorId]);
    return row?.body;
  }

  /** By id. @param page from 1, null for the last */
  async page(accountId: number, page: number | null, size: number): Promise<SensorBodyPage> {
    const [row] = await this.database.query<SensorBodyPage>(sensorPage, [accountId, page, size]);
    return row ?? { count: 0, results: '[]' };
  }
}
