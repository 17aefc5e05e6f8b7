import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  DeliveryQueue,
  RecordResult,
} from '../domain/webhooks/delivery-queue.js';

const MAX_BATCH = 500;
const BATCH_WINDOW_MS = 15;
const RETRY_MS = 1000;

export type Attempt = readonly [ClaimedDelivery, AttemptOutcome];

export interface AttemptRecorderDeps {
  readonly queue: DeliveryQueue;
  /** Called with the attempts that were recorded, and what that changed. It never fails. */
  readonly onRecorded: (attempts: readonly Attempt[], result: RecordResult) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Records the outcomes of attempts, many at a time. */
export class AttemptRecorder {
  private readonly unrecorded: Attempt[] = [];
  private recording: Promise<void> | undefined;
  private closing = false;

  constructor(private readonly deps: AttemptRecorderDeps) {}

  add(delivery: ClaimedDelivery, outcome: AttemptOutcome): void {
    this.unrecorded.push([delivery, outcome]);
    this.record();
  }

  /** Resolves once everything is recorded. What cannot be recorded is lost, and delivered again. */
  async close(): Promise<void> {
    this.closing = true;
    while (this.recording) await this.recording;
  }

  private record(): void {
    if (this.recording || this.unrecorded.length === 0) return;
    this.recording = this.recordBatch().then(() => {
      this.recording = undefined;
      this.record();
    });
  }

  private async recordBatch(): Promise<void> {
    // No client waits for the record, and a statement costs as much as ten of its rows.
    if (!this.closing && this.unrecorded.length < MAX_BATCH) await sleep(BATCH_WINDOW_MS);
    const batch = this.unrecorded.splice(0, MAX_BATCH);
    try {
      await this.deps.onRecorded(batch, await this.deps.queue.record(batch));
    } catch (error) {
      this.deps.onError(error);
      if (this.closing) return;
      this.unrecorded.unshift(...batch);
      await sleep(RETRY_MS);
    }
  }
}
