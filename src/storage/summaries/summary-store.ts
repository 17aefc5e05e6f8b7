import type { Database } from '../postgres/database.js';
import { instantParameter } from '../postgres/instant-parameter.js';
import { checkSummaries } from './sql/check-summaries.js';
import { lockSensors } from './lock-sensors.js';
import { LEVELS } from './sql/level.js';
import { clearSummaries, refresh, refreshAll } from './sql/refresh-summaries.js';

/** A summary that disagrees with its pings. */
export interface SummaryMismatch {
  /** `hour`, `day`, `block` (of 32 days) or `all` */
  readonly level: string;
  readonly start: Date;
}

const EVER = ['0001-01-01T00:00:00Z', '10000-01-01T00:00:00Z'] as const;

/** Checks and rebuilds the summaries of pings. */
export class SummaryStore {
  constructor(private readonly database: Database) {}

  /** Of all accounts, ascending. @param sensorId only that one, if there is one */
  async sensorIds(sensorId?: number): Promise<number[]> {
    const sensors = await this.database.prisma.flowSensor.findMany({
      where: sensorId === undefined ? {} : { id: sensorId },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    return sensors.map(({ id }) => id);
  }

  /** Compares all of a sensor's summaries with its pings; both are of one snapshot. */
  async check(sensorId: number): Promise<SummaryMismatch[]> {
    const rows = await this.database.query<{ level: number; start: number }>(checkSummaries, [
      sensorId,
    ]);
    return rows.map(({ level, start }) => ({
      level: LEVELS[level]?.name ?? 'all',
      start: new Date(start),
    }));
  }

  /** Computes all of a sensor's summaries again, but for hours whose pings are thinned; meanwhile only writers of this sensor wait. */
  async rebuild(sensorId: number): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const [locked] = await transaction.query<{ thinned_until: number | null }>(lockSensors, [
        [sensorId],
        0,
      ]);
      const since = locked?.thinned_until ?? null;
      const start = since === null ? EVER[0] : instantParameter(new Date(since));
      await transaction.query(clearSummaries, [sensorId, start, EVER[1]]);
      await refresh(transaction, refreshAll, [sensorId]);
    });
  }
}
