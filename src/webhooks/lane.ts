import type { buildConnector } from 'undici';
import type { Outcome, Taken, Target } from '../domain/webhook-queue.js';
import { isSuccess } from '../domain/webhook-queue.js';
import { BREAKING_FAILURES } from '../domain/webhook-health.js';
import { deliveryHeaders } from './headers.js';
import { Receiver } from './receiver.js';

export const LANE_CONCURRENCY = 24;
// How many deliveries are taken up at once: as many as go out in about half a second, so that a fast receiver
// never waits for the database, and what a slow one has yet to get is not held here.
const SMALLEST_BATCH = 2 * LANE_CONCURRENCY;
const LARGEST_BATCH = 384;
const FAST_MS = 500;
const SLOW_MS = 2000;

/** One endpoint's deliveries on their way. Lanes know nothing of each other: a slow one holds up itself. */
export class Lane {
  readonly waiting: Taken[] = [];
  underWay = 0;
  /** whether there may be more in the queue than was taken up */
  hasMore = false;
  /** whether deliveries are being taken up for it */
  isTakingUp = false;
  private batch = SMALLEST_BATCH;
  private takenUpAt = -Infinity;
  private failuresInRow = 0;
  private receiver: Receiver;

  constructor(
    private current: Target,
    private readonly connector: buildConnector.connector,
    private readonly attemptMs: number,
  ) {
    this.receiver = this.connect();
  }

  get target(): Target {
    return this.current;
  }

  /** How many deliveries it can take up now: none while it has plenty. */
  get room(): number {
    const { length } = this.waiting;
    return length > this.batch / 2 ? 0 : this.batch - length;
  }

  /** @param hasMore whether it got all that it had room for */
  take(deliveries: readonly Taken[], hasMore: boolean): void {
    const now = performance.now();
    const elapsed = now - this.takenUpAt;
    if (hasMore && elapsed < FAST_MS) this.batch = Math.min(this.batch * 2, LARGEST_BATCH);
    else if (elapsed > SLOW_MS) this.batch = Math.max(this.batch / 2, SMALLEST_BATCH);
    this.takenUpAt = now;
    this.hasMore = hasMore;
    this.waiting.push(...deliveries);
  }

  /** Whether it has something to send and may. Failures in a row are first told, for the endpoint may be paused. */
  get isReady(): boolean {
    return (
      this.waiting.length > 0 &&
      this.underWay < LANE_CONCURRENCY &&
      this.failuresInRow < BREAKING_FAILURES
    );
  }

  retarget(target: Target): void {
    const moved = target.url !== this.current.url;
    this.current = target;
    if (!moved) return;
    void this.receiver.close();
    this.receiver = this.connect();
  }

  /** What was told of failures leaves it free to go on. */
  resume(): void {
    this.failuresInRow = 0;
  }

  async send(delivery: Taken, at: Date): Promise<Outcome> {
    const { current } = this;
    this.underWay++;
    const began = performance.now();
    const answer = await this.receiver.post(deliveryHeaders(current, delivery, at), delivery.body);
    this.underWay--;
    const durationMs = Math.round(performance.now() - began);
    const outcome = { ...answer, at, durationMs, url: current.url };
    this.failuresInRow = isSuccess(outcome) ? 0 : this.failuresInRow + 1;
    return outcome;
  }

  async close(): Promise<void> {
    await this.receiver.close();
  }

  async cut(): Promise<void> {
    await this.receiver.destroy();
  }

  private connect(): Receiver {
    return new Receiver(this.current.url, this.connector, LANE_CONCURRENCY, this.attemptMs);
  }
}
