import assert from 'node:assert';
import type { buildConnector } from 'undici';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  EndpointSnapshot,
} from '../domain/webhooks/delivery-queue.js';
import { inSpan, type Span, type SpanDetails } from '../tracing/tracing.js';
import { webhookAttempts } from '../domain/shared/measurements.js';
import { isSuccess } from '../domain/webhooks/delivery-queue.js';
import { BREAKING_FAILURES } from '../domain/webhooks/circuit-breaker.js';
import { deliveryHeaders } from './headers.js';
import { EndpointClient, type EndpointResponse } from './endpoint-client.js';

/*
 * The states of a sender:
 *
 * - idle: it has nothing to send.
 * - sending: it has deliveries waiting or in flight, up to 24 at once.
 * - paused: five attempts in a row or a probe failed, or the record of a failure paused the
 *   endpoint. Nothing is sent until the failures are recorded; if they paused the endpoint, the
 *   waiting deliveries are released, and none can be claimed before the pause ends.
 * - probing: a pause has ended, and a single delivery finds out whether the endpoint has recovered.
 * - gone: the endpoint was disabled or deleted. What is in flight ends, nothing more is sent.
 *
 *   idle ──claimed──▶ sending ──five failures in a row──▶ paused ──claimed a probe──▶ probing
 *     ▲                  │  ▲                             │    ▲                       │   │
 *     └────all sent──────┘  └───recorded, not paused──────┘    └───────failed──────────┘   │
 *     └──────────────────────────────────delivered─────────────────────────────────────────┘
 *
 * How long a pause lasts, and that it outlives this process, is the circuit breaker's matter, whose
 * state is in the database: several processes may send to one endpoint.
 */
export type SenderState = 'idle' | 'sending' | 'paused' | 'probing' | 'gone';

const TRANSITIONS: Readonly<Record<SenderState, readonly SenderState[]>> = {
  idle: ['sending', 'probing', 'paused', 'gone'],
  // Another process may have recorded the failures or the success that lead to the next claim.
  sending: ['idle', 'paused', 'probing', 'gone'],
  paused: ['idle', 'sending', 'probing', 'gone'],
  probing: ['idle', 'sending', 'paused', 'gone'],
  gone: [],
};

const MAX_IN_FLIGHT = 24;
/** Enough for a fast endpoint while more deliveries are claimed. */
const MAX_WAITING = 160;

/** Sends one endpoint's deliveries. Senders share nothing: a slow endpoint delays only itself. */
export class EndpointSender {
  inFlight = 0;
  /** whether the queue may hold more than was claimed */
  hasMore = false;
  /** whether deliveries are being claimed for it */
  isClaiming = false;
  private currentState: SenderState = 'idle';
  private readonly waiting: ClaimedDelivery[] = [];
  private failuresInRow = 0;
  private client: EndpointClient;

  constructor(
    private current: EndpointSnapshot,
    private readonly connector: buildConnector.connector,
    private readonly attemptTimeoutMs: number,
  ) {
    this.client = this.connect();
  }

  get state(): SenderState {
    return this.currentState;
  }

  get endpoint(): EndpointSnapshot {
    return this.current;
  }

  /** How many deliveries it can claim now: none while it has plenty. */
  get room(): number {
    const { length } = this.waiting;
    return length > MAX_IN_FLIGHT ? 0 : MAX_WAITING - length;
  }

  /** Whether it would send so many deliveries more without looking for others. */
  canTake(count: number): boolean {
    const isOpen = this.currentState === 'idle' || this.currentState === 'sending';
    return isOpen && !this.isClaiming && !this.hasMore && count <= this.room;
  }

  /** Whether it has something to send and may send it. */
  get isReady(): boolean {
    return (
      (this.currentState === 'sending' || this.currentState === 'probing') &&
      this.waiting.length > 0 &&
      this.inFlight < MAX_IN_FLIGHT
    );
  }

  /** @param hasMore whether it was given all that it had room for */
  add(deliveries: readonly ClaimedDelivery[], hasMore: boolean): void {
    this.hasMore = hasMore;
    this.waiting.push(...deliveries);
    if (deliveries.length === 0 || this.currentState === 'gone') return;
    // Claimed before the failures that paused it are recorded: that decides.
    if (this.failuresInRow >= BREAKING_FAILURES) return;
    this.enter(deliveries.some(({ isProbe }) => isProbe) ? 'probing' : 'sending');
  }

  /** Sends the delivery that has waited longest. */
  async sendNext(at: Date): Promise<readonly [ClaimedDelivery, AttemptOutcome]> {
    const delivery = this.waiting.shift()!;
    const { current } = this;
    this.inFlight++;
    const began = performance.now();
    const response = await inSpan(
      () => attemptSpan(delivery),
      (span) => this.post(delivery, at, span),
    );
    this.inFlight--;
    const durationMs = Math.round(performance.now() - began);
    const outcome = { at, durationMs, url: current.url, ...response };
    webhookAttempts.publish({ durationMs, isSuccess: isSuccess(outcome) });
    this.afterAttempt(isSuccess(outcome), delivery);
    return [delivery, outcome];
  }

  /**
   * @param canSend whether the endpoint is neither paused nor disabled after its failures were
   * recorded
   */
  failuresRecorded(canSend: boolean): void {
    this.failuresInRow = 0;
    if (this.currentState === 'gone') return;
    if (canSend) this.enterBusyOrIdle();
    else this.enter('paused');
  }

  /** Puts back what was claimed but could not be sent. */
  putBack(delivery: ClaimedDelivery): void {
    this.waiting.push(delivery);
  }

  /** Takes away what waits. */
  drain(): ClaimedDelivery[] {
    const deliveries = this.waiting.splice(0);
    this.hasMore = false;
    if (this.currentState === 'sending' || this.currentState === 'probing') this.enterBusyOrIdle();
    return deliveries;
  }

  update(endpoint: EndpointSnapshot): void {
    const { revision, secrets, url } = this.current;
    // What signs for a snapshot is cached with it, so an equal one is not replaced. The previous
    // secret expires without a new revision.
    if (endpoint.revision === revision && endpoint.secrets.length === secrets.length) return;
    const hasMoved = endpoint.url !== url;
    this.current = endpoint;
    if (!hasMoved) return;
    void this.client.close();
    this.client = this.connect();
  }

  /** Resolves once what is in flight has ended. */
  async close(): Promise<void> {
    if (this.currentState !== 'gone') this.enter('gone');
    await this.client.close();
  }

  /** Aborts what is in flight. */
  async abort(): Promise<void> {
    await this.client.destroy();
  }

  /** The trace goes on in the receiver, with this attempt as the parent of what it does. */
  private async post(delivery: ClaimedDelivery, at: Date, span: Span): Promise<EndpointResponse> {
    const { traceparent } = span;
    const headers = deliveryHeaders(this.current, delivery, at);
    const response = await this.client.post(
      traceparent === undefined ? headers : { ...headers, traceparent },
      delivery.body,
    );
    const { status } = response;
    if (status !== undefined) span.set({ 'http.response.status_code': status });
    if (!isSuccess(response)) span.fail(status === undefined ? 'no_response' : String(status));
    return response;
  }

  private afterAttempt(succeeded: boolean, { isProbe, isTest }: ClaimedDelivery): void {
    if (this.currentState === 'gone') return;
    if (succeeded) this.failuresInRow = 0;
    else if (!isTest) this.failuresInRow++;
    const isBreaking = !succeeded && (isProbe || this.failuresInRow >= BREAKING_FAILURES);
    if (isBreaking) this.enter('paused');
    else if (succeeded || this.currentState !== 'paused') this.enterBusyOrIdle();
  }

  private enterBusyOrIdle(): void {
    if (this.waiting.length === 0 && this.inFlight === 0) this.enter('idle');
    else if (this.currentState !== 'probing') this.enter('sending');
  }

  private enter(state: SenderState): void {
    if (state === this.currentState) return;
    assert(
      TRANSITIONS[this.currentState].includes(state),
      `a sender cannot go from ${this.currentState} to ${state}`,
    );
    this.currentState = state;
  }

  private connect(): EndpointClient {
    const { current, connector, attemptTimeoutMs } = this;
    return new EndpointClient(current.url, connector, MAX_IN_FLIGHT, attemptTimeoutMs);
  }
}

/** In the trace of what caused the event, which may be over. */
function attemptSpan({ traceparent, tries, isTest }: ClaimedDelivery): SpanDetails {
  return {
    name: 'deliver webhook',
    kind: 'CLIENT',
    attributes: {
      'http.request.method': 'POST',
      'http.request.resend_count': tries,
      'flowgate.test': isTest,
    },
    parent: { traceparent },
  };
}
