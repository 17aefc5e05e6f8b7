import type { PingCorrection, StoredPing } from '../../storage/pings/stored-ping.js';
import type { TimeRange } from '../../storage/postgres/time-range.js';

/** Is notified of changes once they are durable. */
export interface PingObserver {
  /** @param isAnnounced whether the worker that sends webhooks knows of them */
  recorded(
    accountId: number,
    pings: readonly StoredPing[],
    corrections: readonly PingCorrection[],
    isAnnounced?: boolean,
  ): void;
  deleted(accountId: number, sensorId: number, range: TimeRange): void;
}
