import type { Registration } from '../storage/webhooks/worker-store.js';
import { EndpointSender } from './endpoint-sender.js';
import { EndpointSenders } from './endpoint-senders.js';
import { Poller } from './poller.js';
import { AttemptRecorder, type Made } from './attempt-recorder.js';
import { ATTEMPT_MS } from './endpoint-client.js';
import type { WebhookWorkerDeps } from './worker-deps.js';

// Heals what nobody told of: other processes' pings, instances that died.
const LOOK_EVERY_MS = 5000;
const LOOK_AGAIN_MS = 100;
const AFTER_FAULT_MS = 1000;
const MOST_UNDER_WAY = 600;
// Each lane may have so many under way whatever the others have: slow ones, however many, hold up none.
const ALWAYS_UNDER_WAY = 4;
const STATEMENTS_AT_ONCE = 2;

/**
 * Sends what the queue holds. Several of them, in as many processes, share the
 * work: each delivery is in the hands of one.
 */
export class WebhookWorker {
  private readonly lanes: EndpointSenders;
  private readonly lookout: Poller;
  private readonly outcomes: AttemptRecorder;
  /** lanes that may have something in the queue */
  private readonly wanted = new Set<EndpointSender>();
  /** lanes that could send but for the bound over all */
  private readonly heldUp = new Set<EndpointSender>();
  private readonly sending = new Set<Promise<void>>();
  private readonly takingUp = new Set<Promise<void>>();
  private place: Registration | undefined;
  private closing = false;
  private cutting = false;

  constructor(private readonly parts: WebhookWorkerDeps) {
    const { queue, connector, attemptMs = ATTEMPT_MS, onError } = parts;
    this.lanes = new EndpointSenders((target) => new EndpointSender(target, connector, attemptMs));
    this.lookout = new Poller(() => this.look());
    this.outcomes = new AttemptRecorder({
      queue,
      onRecorded: (made, free) => this.goOn(made, free),
      onError,
    });
  }

  /** Begins in the background; where the database is away it tries again. */
  start(): void {
    this.lookout.open();
  }

  /** To be called when an account may have something waiting, after it is durable. */
  wake(accountId: number): void {
    for (const lane of this.lanes.ofAccount(accountId)) this.wanted.add(lane);
    this.claim();
  }

  /** To be called when an account's endpoints have changed: other instances hear of it too. */
  tell(accountId: number): void {
    this.lookout.soon(0);
    this.parts.workers.tell(accountId).catch(this.parts.onError);
  }

  /** Takes nothing up any more, and waits for what is under way; what is cut is made again. */
  async close(patienceMs: number): Promise<void> {
    this.closing = true;
    await this.lookout.close();
    const patience = setTimeout(() => this.cut(), patienceMs);
    await Promise.all(this.takingUp);
    await Promise.all(this.sending);
    await this.outcomes.close();
    clearTimeout(patience);
    for (const lane of this.lanes.all()) {
      await this.empty(lane);
      await lane.cut();
    }
    this.place?.leave();
  }

  /** Looks who has something waiting. @returns in how many milliseconds something will be due */
  private async look(): Promise<number> {
    let next = LOOK_EVERY_MS;
    try {
      await this.parts.workers.reclaim();
      if (this.place && !(await this.place.isBlocked())) this.forsakePlace();
      this.place ??= await this.register();
      await this.retarget();
      for (const { id, inMs } of await this.parts.queue.waiting()) {
        const lane = this.lanes.get(id);
        if (inMs > 0) next = Math.min(next, inMs);
        else if (lane) this.wanted.add(lane);
      }
    } catch (error) {
      this.parts.onError(error);
      next = AFTER_FAULT_MS;
    }
    this.claim();
    return next;
  }

  private register(): Promise<Registration> {
    return this.parts.workers.register(
      () => this.lookout.soon(0),
      () => this.forsakePlace(),
    );
  }

  /**
   * Where nobody knows any more what is in hand here, somebody takes it up
   * anew. What is under way may be made twice.
   */
  private forsakePlace(): void {
    this.place?.leave();
    this.place = undefined;
    for (const lane of this.lanes.all()) lane.waiting.length = 0;
    this.lookout.soon(AFTER_FAULT_MS);
  }

  /** Learns where enabled endpoints are now. */
  private async retarget(): Promise<void> {
    for (const lane of this.lanes.retarget(await this.parts.queue.targets())) {
      this.wanted.delete(lane);
      await this.empty(lane);
      void lane.close();
    }
  }

  private claim(): void {
    if (this.closing || !this.place || this.takingUp.size >= STATEMENTS_AT_ONCE) return;
    const room = new Map<EndpointSender, number>();
    for (const lane of this.wanted) {
      if (lane.isTakingUp || lane.room === 0) continue;
      this.wanted.delete(lane);
      lane.isTakingUp = true;
      room.set(lane, lane.room);
    }
    if (room.size === 0) return;
    const takingUp = this.takeUpFor(this.place, room).then(() => {
      this.takingUp.delete(takingUp);
      for (const lane of room.keys()) lane.isTakingUp = false;
      this.claim();
    });
    this.takingUp.add(takingUp);
  }

  private async takeUpFor(
    place: Registration,
    room: ReadonlyMap<EndpointSender, number>,
  ): Promise<void> {
    try {
      const wanted = new Map([...room].map(([{ target }, most]) => [target.endpointId, most]));
      const byEndpoint = await this.parts.queue.claim(place.id, wanted);
      const isCurrent = [...byEndpoint].every(
        ([id, [taken]]) => taken?.revision === this.lanes.get(id)?.target.revision,
      );
      if (!isCurrent) await this.retarget();
      // Where it is another by now, somebody else takes them up.
      if (this.place !== place) return;
      for (const [lane, most] of room) {
        const given = byEndpoint.get(lane.target.endpointId) ?? [];
        lane.take(given, given.length === most);
        if (this.lanes.get(lane.target.endpointId) !== lane || this.closing) await this.empty(lane);
        else this.send(lane);
      }
    } catch (error) {
      this.parts.onError(error);
      // It may have happened, and only the answer been lost.
      this.forsakePlace();
    }
  }

  private send(lane: EndpointSender): void {
    while (lane.isReady && !this.closing) {
      if (this.sending.size >= MOST_UNDER_WAY && lane.inFlight >= ALWAYS_UNDER_WAY) {
        this.heldUp.add(lane);
        return;
      }
      const delivery = lane.waiting.shift()!;
      const sending = lane.send(delivery, this.parts.clock()).then((outcome) => {
        this.sending.delete(sending);
        // What was cut off here is no failure of the endpoint's.
        if (this.cutting) lane.waiting.push(delivery);
        else this.outcomes.add(delivery, outcome);
        const [other = lane] = this.heldUp;
        // Whoever is held up again is the last in turn.
        this.heldUp.delete(other);
        this.send(other);
        this.send(lane);
      });
      this.sending.add(sending);
    }
    this.heldUp.delete(lane);
    if (lane.hasMore && lane.room > 0) this.wanted.add(lane);
    if (this.wanted.has(lane)) this.claim();
  }

  /** After attempts were written down. */
  private async goOn(made: readonly Made[], free: ReadonlyMap<number, boolean>): Promise<void> {
    if (free.size > 0) this.lookout.soon(LOOK_AGAIN_MS);
    for (const [endpointId, isFree] of free) {
      const lane = this.lanes.get(endpointId);
      if (!lane) continue;
      lane.resume();
      if (isFree) this.send(lane);
      else await this.empty(lane);
    }
    for (const [{ endpointId, isProbe }] of made) {
      const lane = isProbe && this.lanes.get(endpointId);
      if (lane) this.wanted.add(lane);
    }
    this.claim();
  }

  /** Gives back what the lane has not sent. */
  private async empty(lane: EndpointSender): Promise<void> {
    const deliveries = lane.waiting.splice(0);
    lane.hasMore = false;
    this.heldUp.delete(lane);
    if (!this.place) return;
    try {
      await this.parts.queue.release(this.place.id, deliveries);
    } catch (error) {
      this.parts.onError(error);
      this.forsakePlace();
    }
  }

  private cut(): void {
    this.cutting = true;
    for (const lane of this.lanes.all()) void lane.cut();
  }
}
