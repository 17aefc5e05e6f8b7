import type { buildConnector } from 'undici';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  EndpointSnapshot,
} from '../domain/webhooks/delivery-queue.js';
import { isSuccess } from '../domain/webhooks/delivery-queue.js';
import { BREAKING_FAILURES } from '../domain/webhooks/circuit-breaker.js';
import { deliveryHeaders } from './headers.js';
import { EndpointClient } from './endpoint-client.js';

const LANE_CONCURRENCY = 24;
/** Deliveries that wait here, at most: enough for a fast receiver while more are taken up. */
const LANE_SIZE = 160;

/** One endpoint's deliveries on their way. Lanes know nothing of each other: a slow one holds up itself. */
export class EndpointSender {
  readonly waiting: ClaimedDelivery[] = [];
  inFlight = 0;
  /** whether there may be more in the queue than was taken up */
  hasMore = false;
  /** whether deliveries are being taken up for it */
  isTakingUp = false;
  private failuresInRow = 0;
  private receiver: EndpointClient;

  constructor(
    private current: EndpointSnapshot,
    private readonly connector: buildConnector.connector,
    private readonly attemptMs: number,
  ) {
    this.receiver = this.connect();
  }

  get target(): EndpointSnapshot {
    return this.current;
  }

  /** How many deliveries it can take up now: none while it has plenty. */
  get room(): number {
    const { length } = this.waiting;
    return length > LANE_CONCURRENCY ? 0 : LANE_SIZE - length;
  }

  /** @param hasMore whether it got all that it had room for */
  take(deliveries: readonly ClaimedDelivery[], hasMore: boolean): void {
    this.hasMore = hasMore;
    this.waiting.push(...deliveries);
  }

  /** Whether it has something to send and may. Failures in a row are first told, for the endpoint may be paused. */
  get isReady(): boolean {
    return (
      this.waiting.length > 0 &&
      this.inFlight < LANE_CONCURRENCY &&
      this.failuresInRow < BREAKING_FAILURES
    );
  }

  retarget(target: EndpointSnapshot): void {
    const { revision, secrets, url } = this.current;
    // What signs for it is kept with it. The secret of before ends by itself, without a revision.
    if (target.revision === revision && target.secrets.length === secrets.length) return;
    const moved = target.url !== url;
    this.current = target;
    if (!moved) return;
    void this.receiver.close();
    this.receiver = this.connect();
  }

  /** What was told of failures leaves it free to go on. */
  resume(): void {
    this.failuresInRow = 0;
  }

  async send(delivery: ClaimedDelivery, at: Date): Promise<AttemptOutcome> {
    const { current } = this;
    this.inFlight++;
    const began = performance.now();
    const answer = await this.receiver.post(deliveryHeaders(current, delivery, at), delivery.body);
    this.inFlight--;
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

  private connect(): EndpointClient {
    return new EndpointClient(this.current.url, this.connector, LANE_CONCURRENCY, this.attemptMs);
  }
}
