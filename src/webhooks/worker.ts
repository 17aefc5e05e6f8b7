import type { Registration } from '../storage/webhooks/worker-store.js';
import { detached } from '../tracing/tracing.js';
import { byEndpointId, claimLimits } from './claim-limits.js';
import { EndpointSender } from './endpoint-sender.js';
import { EndpointSenders } from './endpoint-senders.js';
import { Poller } from './poller.js';
import { AttemptRecorder, type Attempt } from './attempt-recorder.js';
import { ATTEMPT_TIMEOUT_MS } from './endpoint-client.js';
import type { ClaimedDelivery, RecordResult } from '../domain/webhooks/delivery-queue.js';
import type { ClaimOffer } from '../storage/pings/ping-outbox.js';
import { DatabaseUnavailableError, toUnavailable } from '../storage/postgres/pg-errors.js';
import type { WebhookWorkerDeps } from './worker-deps.js';

// Finds what no process announced: an instance may have died, or a notification been lost.
const POLL_INTERVAL_MS = 5000;
const POLL_AFTER_FAILURE_MS = 100;
const RETRY_MS = 1000;
const MAX_IN_FLIGHT = 600;
// An endpoint may have this many in flight however many the others have: slow ones delay no other.
const GUARANTEED_IN_FLIGHT = 4;
const MAX_CLAIM_STATEMENTS = 2;

/**
 * Sends the queued deliveries. Workers of several processes share the work: each delivery is
 * claimed by one of them.
 */
export class WebhookWorker {
  private readonly senders: EndpointSenders;
  private readonly poller: Poller;
  private readonly recorder: AttemptRecorder;
  /** senders whose endpoint may have something due in the queue */
  private readonly toClaim = new Set<EndpointSender>();
  /** senders that only the limit on all of them together keeps from sending */
  private readonly throttled = new Set<EndpointSender>();
  private readonly sending = new Set<Promise<void>>();
  private readonly claiming = new Set<Promise<void>>();
  private registration: Registration | undefined;
  private closing = false;
  private aborting = false;

  constructor(private readonly deps: WebhookWorkerDeps) {
    const { queue, connector, attemptTimeoutMs = ATTEMPT_TIMEOUT_MS, onError } = deps;
    this.senders = new EndpointSenders(
      (endpoint) => new EndpointSender(endpoint, connector, attemptTimeoutMs),
    );
    this.poller = new Poller(() => this.poll());
    this.recorder = new AttemptRecorder({
      queue,
      onRecorded: (attempts, result) => this.afterRecording(attempts, result),
      onError,
    });
  }

  /** Begins in the background; where the database is unavailable it tries again. */
  start(): void {
    this.poller.open();
  }

  /** To be called when an account may have something to deliver, once that is durable. */
  wake(accountId: number): void {
    for (const sender of this.senders.ofAccount(accountId)) this.toClaim.add(sender);
    // What is claimed and sent then is not this account's alone.
    detached(() => this.claim());
  }

  /**
   * What a transaction may claim that records so many pings of each account: then their deliveries are sent once it is
   * committed. Only for endpoints for which nothing else waits, and few at a time, so that recording takes hardly longer.
   */
  offer(pings: ReadonlyMap<number, number>): ClaimOffer | undefined {
    const { registration } = this;
    if (this.closing || !registration) return undefined;
    const { queue } = this.deps;
    const limits = claimLimits(this.senders, pings, (sender) => this.toClaim.has(sender));
    if (limits.size === 0) return undefined;
    for (const sender of limits.keys()) sender.isClaiming = true;
    return {
      parameters: queue.claimParameters(registration.id, byEndpointId(limits)),
      committed: (rows) => {
        const claimed = queue.claimed(rows);
        detached(() => this.takeOffered(registration, pings.keys(), limits, claimed));
      },
      failed: (error) => detached(() => this.withdraw(limits, error)),
    };
  }

  /** To be called when an account's endpoints have changed. Other instances are notified too. */
  endpointsChanged(accountId: number): void {
    detached(() => this.poller.schedule(0));
    this.deps.workers.notify(accountId).catch(this.deps.onError);
  }

  /** Claims nothing more, and waits for what is in flight. What is aborted is delivered again. */
  async close(timeoutMs: number): Promise<void> {
    this.closing = true;
    await this.poller.close();
    const timer = setTimeout(() => this.abort(), timeoutMs);
    await Promise.all(this.claiming);
    await Promise.all(this.sending);
    await this.recorder.close();
    clearTimeout(timer);
    for (const sender of this.senders.all()) {
      await this.releaseWaiting(sender);
      await sender.abort();
    }
    this.registration?.end();
  }

  /** Finds the endpoints that have something due. @returns the delay until the next poll, in ms */
  private async poll(): Promise<number> {
    let { pollIntervalMs: nextMs = POLL_INTERVAL_MS } = this.deps;
    try {
      await this.deps.workers.reclaim();
      if (this.registration && !(await this.registration.isValid())) this.dropRegistration();
      this.registration ??= await this.register();
      await this.updateSenders();
      for (const { id, inMs } of await this.deps.queue.waiting()) {
        const sender = this.senders.get(id);
        if (inMs > 0) nextMs = Math.min(nextMs, inMs);
        else if (sender) this.toClaim.add(sender);
      }
    } catch (error) {
      this.deps.onError(error);
      nextMs = RETRY_MS;
    }
    this.claim();
    return nextMs;
  }

  private register(): Promise<Registration> {
    return this.deps.workers.register(
      () => this.poller.schedule(0),
      () => this.dropRegistration(),
    );
  }

  /**
   * Gives up what is claimed here, which another registration claims again: the database may have
   * given it to another worker already. What is in flight may be delivered twice.
   */
  private dropRegistration(): void {
    this.registration?.end();
    this.registration = undefined;
    for (const sender of this.senders.all()) sender.drain();
    this.poller.schedule(RETRY_MS);
  }

  /** Reads where enabled endpoints are now. */
  private async updateSenders(): Promise<void> {
    for (const sender of this.senders.update(await this.deps.queue.endpoints())) {
      this.toClaim.delete(sender);
      await this.releaseWaiting(sender);
      void sender.close();
    }
  }

  private claim(): void {
    const { registration } = this;
    if (this.closing || !registration || this.claiming.size >= MAX_CLAIM_STATEMENTS) return;
    const rooms = new Map<EndpointSender, number>();
    for (const sender of this.toClaim) {
      if (sender.isClaiming || sender.room === 0) continue;
      this.toClaim.delete(sender);
      sender.isClaiming = true;
      rooms.set(sender, sender.room);
    }
    if (rooms.size === 0) return;
    this.take(registration, rooms, this.deps.queue.claim(registration.id, byEndpointId(rooms)));
  }

  private takeOffered(
    registration: Registration,
    accountIds: Iterable<number>,
    limits: ReadonlyMap<EndpointSender, number>,
    claimed: ReadonlyMap<number, ClaimedDelivery[]>,
  ): void {
    // Nothing was offered for the others, or another transaction had locked the endpoint.
    for (const accountId of accountIds) {
      for (const sender of this.senders.ofAccount(accountId)) {
        if (!claimed.has(sender.endpoint.endpointId)) this.toClaim.add(sender);
      }
    }
    this.take(registration, limits, Promise.resolve(claimed));
  }

  private withdraw(limits: ReadonlyMap<EndpointSender, number>, error: unknown): void {
    for (const sender of limits.keys()) sender.isClaiming = false;
    // It may have been committed, and only its answer been lost.
    if (toUnavailable(error) instanceof DatabaseUnavailableError) this.dropRegistration();
    this.claim();
  }

  /** Sends what is claimed for these senders, at most so much of each. */
  private take(
    registration: Registration,
    limits: ReadonlyMap<EndpointSender, number>,
    claimed: Promise<ReadonlyMap<number, ClaimedDelivery[]>>,
  ): void {
    const claiming = this.sendClaimed(registration, limits, claimed).then(() => {
      this.claiming.delete(claiming);
      for (const sender of limits.keys()) sender.isClaiming = false;
      this.claim();
    });
    this.claiming.add(claiming);
  }

  private async sendClaimed(
    registration: Registration,
    limits: ReadonlyMap<EndpointSender, number>,
    claiming: Promise<ReadonlyMap<number, ClaimedDelivery[]>>,
  ): Promise<void> {
    try {
      const claimed = await claiming;
      const isCurrent = [...claimed].every(
        ([id, [first]]) => first?.revision === this.senders.get(id)?.endpoint.revision,
      );
      if (!isCurrent) await this.updateSenders();
      // Where the registration was lost meanwhile, another worker claims them.
      if (this.registration !== registration) return;
      for (const [sender, limit] of limits) {
        const { endpointId } = sender.endpoint;
        const deliveries = claimed.get(endpointId) ?? [];
        sender.add(deliveries, deliveries.length === limit);
        const isGone = this.senders.get(endpointId) !== sender;
        if (isGone || this.closing) await this.releaseWaiting(sender);
        else this.send(sender);
      }
    } catch (error) {
      this.deps.onError(error);
      // The statement may have been committed, and only its answer been lost.
      this.dropRegistration();
    }
  }

  private send(sender: EndpointSender): void {
    while (sender.isReady && !this.closing) {
      if (this.sending.size >= MAX_IN_FLIGHT && sender.inFlight >= GUARANTEED_IN_FLIGHT) {
        this.throttled.add(sender);
        return;
      }
      const sending = sender.sendNext(this.deps.clock()).then(([delivery, outcome]) => {
        this.sending.delete(sending);
        // An attempt that was aborted here is not a failure of the endpoint.
        if (this.aborting) sender.putBack(delivery);
        else this.recorder.add(delivery, outcome);
        const [next = sender] = this.throttled;
        // A sender that is throttled again moves to the end of the queue.
        this.throttled.delete(next);
        this.send(next);
        this.send(sender);
      });
      this.sending.add(sending);
    }
    this.throttled.delete(sender);
    if (sender.hasMore && sender.room > 0) this.toClaim.add(sender);
    if (this.toClaim.has(sender)) this.claim();
  }

  private async afterRecording(
    attempts: readonly Attempt[],
    { canSend, toRedeliver }: RecordResult,
  ): Promise<void> {
    if (canSend.size > 0) this.poller.schedule(POLL_AFTER_FAILURE_MS);
    for (const [endpointId, isFree] of canSend) {
      const sender = this.senders.get(endpointId);
      if (!sender) continue;
      sender.failuresRecorded(isFree);
      if (isFree) this.send(sender);
      else await this.releaseWaiting(sender);
    }
    const probed = attempts.filter(([{ isProbe }]) => isProbe);
    for (const endpointId of [...probed.map(([{ endpointId }]) => endpointId), ...toRedeliver]) {
      const sender = this.senders.get(endpointId);
      if (sender) this.toClaim.add(sender);
    }
    this.claim();
  }

  private async releaseWaiting(sender: EndpointSender): Promise<void> {
    const deliveries = sender.drain();
    this.throttled.delete(sender);
    if (!this.registration) return;
    try {
      await this.deps.queue.release(this.registration.id, deliveries);
    } catch (error) {
      this.deps.onError(error);
      this.dropRegistration();
    }
  }

  private abort(): void {
    this.aborting = true;
    for (const sender of this.senders.all()) void sender.abort();
  }
}
