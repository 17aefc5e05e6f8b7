import type { SummaryMismatch, SummaryStore } from '../../storage/summaries/summary-store.js';
import { NotFoundError } from '../shared/errors.js';

/** Checks and repairs the summaries of pings of all accounts, for the operator. */
export class Rollups {
  constructor(private readonly summaries: SummaryStore) {}

  /**
   * The ids of the sensors to check, ascending: the given one, or all.
   * @throws NotFoundError where there is no such sensor
   */
  async sensors(sensorId?: number): Promise<number[]> {
    const ids = await this.summaries.sensorIds(sensorId);
    if (sensorId !== undefined && ids.length === 0) {
      throw new NotFoundError(`There is no sensor ${sensorId}.`);
    }
    return ids;
  }

  /** The summaries of a sensor that disagree with its pings. */
  check(sensorId: number): Promise<SummaryMismatch[]> {
    return this.summaries.check(sensorId);
  }

  rebuild(sensorId: number): Promise<void> {
    return this.summaries.rebuild(sensorId);
  }
}
