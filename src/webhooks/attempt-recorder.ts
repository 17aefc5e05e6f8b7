import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  DeliveryQueue,
} from '../domain/webhooks/delivery-queue.js';

const MOST_AT_ONCE = 500;
const GATHER_MS = 15;
const AFTER_FAULT_MS = 1000;

export type Made = readonly [ClaimedDelivery, AttemptOutcome];

export interface AttemptRecorderDeps {
  readonly queue: DeliveryQueue;
  /** never fails; told of what was written down, and of endpoints that failed, whether they can be sent to at once */
  readonly onRecorded: (made: readonly Made[], free: ReadonlyMap<number, boolean>) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** What came of attempts, written down many at a time. */
export class AttemptRecorder {
  private readonly made: Made[] = [];
  private recording: Promise<void> | undefined;
  private closing = false;

  constructor(private readonly parts: AttemptRecorderDeps) {}

  add(delivery: ClaimedDelivery, outcome: AttemptOutcome): void {
    this.made.push([delivery, outcome]);
    this.record();
  }

  /** Once all is written down; what cannot be is lost, and made again. */
  async close(): Promise<void> {
    this.closing = true;
    while (this.recording) await this.recording;
  }

  private record(): void {
    if (this.recording || this.made.length === 0) return;
    this.recording = this.recordNow().then(() => {
      this.recording = undefined;
      this.record();
    });
  }

  private async recordNow(): Promise<void> {
    // Nobody waits for it, and a statement costs as much as ten of its rows.
    if (!this.closing && this.made.length < MOST_AT_ONCE) await sleep(GATHER_MS);
    const batch = this.made.splice(0, MOST_AT_ONCE);
    try {
      const free = await this.parts.queue.record(batch);
      await this.parts.onRecorded(batch, free);
    } catch (error) {
      this.parts.onError(error);
      if (this.closing) return;
      this.made.unshift(...batch);
      await sleep(AFTER_FAULT_MS);
    }
  }
}
