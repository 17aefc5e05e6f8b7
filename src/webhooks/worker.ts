import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Taken } from '../domain/webhook-queue.js';
import type { Enlisted } from '../storage/webhook-workers.js';
import { Lane } from './lane.js';
import { ATTEMPT_MS } from './receiver.js';
import type { WebhookWorkerParts } from './worker-parts.js';

// Heals what nobody told of: other processes' pings, instances that died.
const LOOK_EVERY_MS = 5000;
const LOOK_AGAIN_MS = 100;
const AFTER_FAULT_MS = 1000;
const MOST_UNDER_WAY = 600;
const STATEMENTS_AT_ONCE = 2;
const MOST_RECORDED = 500;
const GATHER_MS = 15;

/**
 * Sends what the queue holds. Several of them, in as many processes, share the
 * work: each delivery is in the hands of one.
 */
export class WebhookWorker {
  private readonly lanes = new Map<number, Lane>();
  /** endpoints that may have something in the queue */
  private readonly wanted = new Set<number>();
  /** lanes that could send but for the bound over all */
  private readonly heldUp = new Set<Lane>();
  private readonly outcomes: (readonly [Taken, Outcome])[] = [];
  private place: Enlisted | undefined;
  private underWay = 0;
  private takingUp = 0;
  private recording: Promise<void> | undefined;
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private timerEndsAt = Infinity;
  private toLookAgain = false;
  private started = false;
  private closing = false;
  private cutting = false;
  private onIdle: (() => void) | undefined;

  constructor(private readonly parts: WebhookWorkerParts) {}

  /** Begins in the background; where the database is away it tries again. */
  start(): void {
    this.started = true;
    this.look();
  }

  /** To be called when an account may have something waiting, after it is durable. */
  wake(accountId: number): void {
    for (const [endpointId, { target }] of this.lanes) {
      if (target.accountId === accountId) this.wanted.add(endpointId);
    }
    this.takeUp();
  }

  /** To be called when an account's endpoints have changed: other instances hear of it too. */
  tell(accountId: number): void {
    this.lookSoon(0);
    this.parts.workers.tell(accountId).catch(this.parts.onFault);
  }

  /** Takes nothing up any more, and waits for what is under way; what is cut is made again. */
  async close(patienceMs: number): Promise<void> {
    this.closing = true;
    clearTimeout(this.timer);
    await this.looking;
    const patience = setTimeout(() => this.cut(), patienceMs);
    await this.idle();
    clearTimeout(patience);
    await Promise.all([...this.lanes.values()].map((lane) => lane.cut()));
    await this.place?.discharge();
  }

  /** Looks who has something waiting, and when something will be due. */
  private look(): void {
    this.timerEndsAt = Infinity;
    if (this.looking) {
      // It may have looked already where there is something new.
      this.toLookAgain = true;
      return;
    }
    this.looking = this.lookNow().then((nextInMs) => {
      this.looking = undefined;
      this.lookSoon(this.toLookAgain ? 0 : nextInMs);
      this.toLookAgain = false;
    });
  }

  /** @returns in how many milliseconds to look again */
  private async lookNow(): Promise<number> {
    let next = LOOK_EVERY_MS;
    try {
      this.place ??= await this.enlist();
      await this.parts.workers.relieve();
      await this.retarget();
      for (const { id, inMs } of await this.parts.queue.waiting()) {
        if (inMs === 0) this.wanted.add(id);
        else next = Math.min(next, inMs);
      }
    } catch (error) {
      this.parts.onFault(error);
      next = AFTER_FAULT_MS;
    }
    this.takeUp();
    return next;
  }

  private lookSoon(inMs: number): void {
    const endsAt = performance.now() + inMs;
    if (!this.started || this.closing || endsAt >= this.timerEndsAt) return;
    clearTimeout(this.timer);
    this.timerEndsAt = endsAt;
    this.timer = setTimeout(() => this.look(), inMs);
  }

  private enlist(): Promise<Enlisted> {
    return this.parts.workers.enlist(
      () => this.lookSoon(0),
      () => {
        this.place = undefined;
        // Others may take it up now; what is under way may be made twice.
        for (const lane of this.lanes.values()) lane.waiting.length = 0;
        this.lookSoon(AFTER_FAULT_MS);
      },
    );
  }

  /** Learns where enabled endpoints are now. */
  private async retarget(): Promise<void> {
    const targets = new Map(
      (await this.parts.queue.targets()).map((target) => [target.endpointId, target]),
    );
    for (const [endpointId, lane] of this.lanes) {
      if (targets.has(endpointId)) continue;
      this.lanes.delete(endpointId);
      this.wanted.delete(endpointId);
      void this.empty(lane);
      void lane.close();
    }
    for (const [endpointId, target] of targets) {
      const lane = this.lanes.get(endpointId);
      if (!lane) {
        const { connector, attemptMs = ATTEMPT_MS } = this.parts;
        this.lanes.set(endpointId, new Lane(target, connector, attemptMs));
      } else if (lane.target.revision !== target.revision || lane.target.secrets.length > 1) {
        lane.retarget(target);
      }
    }
  }

  private takeUp(): void {
    if (this.closing || !this.place || this.takingUp >= STATEMENTS_AT_ONCE) return;
    const lanes = new Map<number, Lane>();
    const room = new Map<number, number>();
    for (const endpointId of this.wanted) {
      const lane = this.lanes.get(endpointId);
      if (!lane) this.wanted.delete(endpointId);
      if (!lane || lane.isTakingUp || lane.room === 0) continue;
      this.wanted.delete(endpointId);
      lane.isTakingUp = true;
      lanes.set(endpointId, lane);
      room.set(endpointId, lane.room);
    }
    if (lanes.size === 0) return;
    this.takingUp++;
    void this.takeUpFor(this.place.id, lanes, room).finally(() => {
      this.takingUp--;
      for (const lane of lanes.values()) lane.isTakingUp = false;
      this.takeUp();
      this.becomeIdle();
    });
  }

  private async takeUpFor(
    worker: number,
    lanes: ReadonlyMap<number, Lane>,
    room: ReadonlyMap<number, number>,
  ): Promise<void> {
    try {
      const taken = await this.parts.queue.takeUp(worker, room);
      const isChanged = taken.some(
        ({ endpointId, revision }) => lanes.get(endpointId)?.target.revision !== revision,
      );
      if (isChanged) await this.retarget();
      for (const [endpointId, lane] of lanes) {
        const given = taken.filter((delivery) => delivery.endpointId === endpointId);
        lane.take(given, given.length === room.get(endpointId));
        if (this.lanes.get(endpointId) !== lane || this.closing) await this.empty(lane);
        else this.send(lane);
      }
    } catch (error) {
      this.parts.onFault(error);
      this.lookSoon(AFTER_FAULT_MS);
    }
  }

  private send(lane: Lane): void {
    while (lane.isReady && !this.closing) {
      if (this.underWay >= MOST_UNDER_WAY) {
        this.heldUp.add(lane);
        return;
      }
      const delivery = lane.waiting.shift()!;
      this.underWay++;
      void lane.send(delivery, this.parts.clock()).then((outcome) => {
        this.underWay--;
        this.settle(lane, delivery, outcome);
      });
    }
    this.heldUp.delete(lane);
    const { endpointId } = lane.target;
    if (lane.hasMore && lane.room > 0) this.wanted.add(endpointId);
    if (this.wanted.has(endpointId)) this.takeUp();
  }

  private settle(lane: Lane, delivery: Taken, outcome: Outcome): void {
    // What was cut off here is no failure of the endpoint's.
    if (this.cutting) lane.waiting.push(delivery);
    else this.outcomes.push([delivery, outcome]);
    this.record();
    for (const other of this.heldUp) {
      this.send(other);
      break;
    }
    this.send(lane);
    this.becomeIdle();
  }

  private record(): void {
    if (this.recording || this.outcomes.length === 0) return;
    this.recording = this.recordNow().finally(() => {
      this.recording = undefined;
      this.record();
      this.becomeIdle();
    });
  }

  private async recordNow(): Promise<void> {
    // Nobody waits for it, and a statement costs as much as ten of its rows.
    if (!this.closing && this.outcomes.length < MOST_RECORDED) await sleep(GATHER_MS);
    const batch = this.outcomes.splice(0, MOST_RECORDED);
    try {
      const free = await this.parts.queue.record(batch);
      if (free.size > 0) this.lookSoon(LOOK_AGAIN_MS);
      for (const [endpointId, isFree] of free) await this.goOn(endpointId, isFree);
      for (const [{ endpointId, isProbe }] of batch) if (isProbe) this.wanted.add(endpointId);
      this.takeUp();
    } catch (error) {
      this.parts.onFault(error);
      if (this.closing) return;
      this.outcomes.unshift(...batch);
      await sleep(AFTER_FAULT_MS);
    }
  }

  /** After failures of an endpoint were written down. */
  private async goOn(endpointId: number, isFree: boolean): Promise<void> {
    const lane = this.lanes.get(endpointId);
    if (!lane) return;
    lane.resume();
    if (isFree) return this.send(lane);
    lane.hasMore = false;
    await this.empty(lane);
  }

  /** Gives back what the lane has not sent. */
  private async empty(lane: Lane): Promise<void> {
    const deliveries = lane.waiting.splice(0);
    this.heldUp.delete(lane);
    if (!this.place) return;
    await this.parts.queue.giveBack(this.place.id, deliveries).catch(this.parts.onFault);
  }

  private cut(): void {
    this.cutting = true;
    for (const lane of this.lanes.values()) void lane.cut();
  }

  private async idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
      this.becomeIdle();
    });
    for (const lane of this.lanes.values()) await this.empty(lane);
  }

  private becomeIdle(): void {
    const isIdle = this.underWay === 0 && this.takingUp === 0 && !this.recording;
    if (isIdle && this.outcomes.length === 0) this.onIdle?.();
  }
}
