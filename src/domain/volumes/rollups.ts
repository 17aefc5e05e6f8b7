import type { SummaryMismatch, SummaryStore } from '../../storage/summaries/summary-store.js';
import { NotFoundError } from '../shared/errors.js';

/** The operator's care for the summaries of pings, over all accounts. */
export class Rollups {
  constructor(private readonly summaries: SummaryStore) {}

  /**
   * The sensors to look at, ascending: the one, or all.
   * @throws NotFoundError where there is no such sensor
   */
  async sensors(sensorId?: number): Promise<number[]> {
    const ids = await this.summaries.sensorIds(sensorId);
    if (sensorId !== undefined && ids.length === 0) {
      throw new NotFoundError(`There is no sensor ${sensorId}.`);
    }
    return ids;
  }

  /** What of a sensor's summaries is not what its pings come to. */
  check(sensorId: number): Promise<SummaryMismatch[]> {
    return this.summaries.check(sensorId);
  }

  rebuild(sensorId: number): Promise<void> {
    return this.summaries.rebuild(sensorId);
  }
}
