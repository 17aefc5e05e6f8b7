import { randomInt } from 'node:crypto';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../domain/shared/errors.js';
import { ResyncError, type PingFeed } from '../domain/pings/feed.js';
import type { Ping } from '../domain/pings/pings.js';
import { requireScope, type Principal } from '../domain/shared/principal.js';
import type { NotificationSession, Notifications } from '../storage/postgres/notifications.js';
import type { PingRangeStore } from '../storage/pings/pings-by-id-range.js';
import { InstanceTracker } from './instance-tracker.js';
import { accountOf, bye, fence, hello, readMessage, type RecordedEvent } from './message.js';
import { MAX_WAITING, PingQueue } from './ping-queue.js';

const CHECK_INTERVAL_MS = 2000;
const RECONNECT_MS = 250;
const CONNECT_TIMEOUT_MS = 5000;
// Pings that arrive within it, from several instances, are delivered in the order of their ids.
const BATCH_WINDOW_MS = 20;
const MAX_ID = 2 ** 31;

interface Subscriber {
  readonly queue: PingQueue;
  /** undefined: all of the account's sensors */
  readonly sensorIds: ReadonlySet<number> | undefined;
}

export interface LiveFeedDeps {
  readonly notifications: Notifications;
  readonly recorded: PingRangeStore;
  /** resolves once what this instance recorded before is published */
  flush(): Promise<void>;
  /** called with failures that are retried */
  readonly onError: (error: unknown) => void;
}

/**
 * Delivers the pings that any instance records to this instance's subscribers. One connection
 * listens for all of them.
 */
export class LiveFeed implements PingFeed {
  private readonly subscribers = new Map<number, Set<Subscriber>>();
  private readonly instances = new InstanceTracker();
  private session: Promise<NotificationSession> | undefined;
  private received: RecordedEvent[] = [];
  private delivering: Promise<void> | undefined;
  private checkTimer: NodeJS.Timeout | undefined;
  private readonly fences = { next: 0, waiting: new Map<string, (passed: boolean) => void>() };
  private id = 0;
  private closed = false;

  constructor(private readonly deps: LiveFeedDeps) {}

  /** @throws UnavailableError where the database does not answer */
  start(): Promise<void> {
    return this.connected();
  }

  async subscribe(
    principal: Principal,
    sensorIds: readonly number[] | undefined,
    onDrop: () => void = () => undefined,
  ): Promise<PingQueue> {
    requireScope(principal, 'READ');
    // A new subscription must not deliver what was acknowledged before.
    await this.caughtUp();
    const { accountId } = principal;
    const others = this.subscribers.get(accountId) ?? new Set<Subscriber>();
    const queue: PingQueue = new PingQueue(onDrop, () => {
      others.delete(subscriber);
      if (others.size === 0) this.subscribers.delete(accountId);
    });
    const subscriber: Subscriber = { queue, sensorIds: sensorIds && new Set(sensorIds) };
    this.subscribers.set(accountId, others.add(subscriber));
    return queue;
  }

  async caughtUp(): Promise<void> {
    await this.connected();
    await this.deps.flush();
    const key = `${this.id} ${this.fences.next}`;
    this.fences.next++;
    const passed = new Promise<boolean>((resolve) => this.fences.waiting.set(key, resolve));
    await this.deps.notifications.send([fence(key)]);
    if (!(await passed)) throw new UnavailableError(1);
    await this.delivering;
  }

  get subscriberCount(): number {
    let count = 0;
    for (const subscribers of this.subscribers.values()) count += subscribers.size;
    return count;
  }

  /** Whether no other instance is known to run on this database. */
  get isAlone(): boolean {
    return this.instances.count <= 1;
  }

  /** Ends every subscription and refuses new ones. */
  endSubscriptions(): void {
    this.closed = true;
    this.resync('The server is going away.');
  }

  /** Announces that this instance has published everything, and ends. */
  async close(): Promise<void> {
    this.endSubscriptions();
    clearInterval(this.checkTimer);
    const session = await this.session?.catch(() => undefined);
    if (!session) return;
    await this.deps.notifications.send([bye(this.id)]).catch(() => undefined);
    await session.end();
  }

  /** Waits for the session, up to a timeout. */
  private async connected(): Promise<void> {
    if (this.closed) throw new UnavailableError(1);
    this.session ??= this.connect();
    const timeout = sleep(CONNECT_TIMEOUT_MS, undefined, { ref: false });
    if (!(await Promise.race([this.session, timeout]))) throw new UnavailableError(1);
  }

  private async connect(): Promise<NotificationSession> {
    for (;;) {
      try {
        return await this.open();
      } catch (error) {
        if (this.closed) throw error;
        this.deps.onError(error);
        await sleep(RECONNECT_MS, undefined, { ref: false });
      }
    }
  }

  private async open(): Promise<NotificationSession> {
    // A new id each time: the server may still hold the lock of the last session.
    this.id = randomInt(1, MAX_ID);
    // Until it is open, a broken connection makes a statement here fail.
    let isOpen = false;
    const session = await this.deps.notifications.listen(this.id, {
      received: (payload) => this.handle(payload),
      broken: () => isOpen && this.broken(),
    });
    try {
      this.instances.reset(await session.members());
      await this.deps.notifications.send([hello(this.id)]);
    } catch (error) {
      await session.end();
      throw error;
    }
    isOpen = true;
    clearInterval(this.checkTimer);
    this.checkTimer = setInterval(
      () => void this.checkInstances(session),
      CHECK_INTERVAL_MS,
    ).unref();
    return session;
  }

  private passFence(key: string, passed: boolean): void {
    this.fences.waiting.get(key)?.(passed);
    this.fences.waiting.delete(key);
  }

  private broken(): void {
    clearInterval(this.checkTimer);
    for (const key of [...this.fences.waiting.keys()]) this.passFence(key, false);
    this.received = [];
    this.resync('The connection to the database was lost.');
    this.session = this.closed ? undefined : this.connect();
    // A new subscriber awaits the session and sees the failure; without one it does not matter.
    this.session?.catch(() => undefined);
  }

  private async checkInstances(session: NotificationSession): Promise<void> {
    try {
      if (this.instances.check(await session.members())) {
        this.resync('Another server ended before it published everything that it recorded.');
      }
    } catch {
      // A connection that does not answer is broken, whether the system has noticed or not.
      if (session.abandon()) this.broken();
    }
  }

  private handle(payload: string): void {
    const account = accountOf(payload);
    if (account !== undefined && !this.subscribers.has(account)) return;
    const message = readMessage(payload);
    if (message?.kind === 'hello') this.instances.came(message.id);
    if (message?.kind === 'bye') this.instances.left(message.id);
    if (message?.kind === 'fence') this.passFence(message.key, true);
    if (message?.kind === 'gap') {
      this.resync('Pings were recorded that are not published one by one.', message.accountId);
    }
    if (message?.kind !== 'recorded') return;
    this.received.push(message);
    this.delivering ??= this.deliver();
  }

  private async deliver(): Promise<void> {
    await sleep(BATCH_WINDOW_MS, undefined, { ref: false });
    while (this.received.length > 0) {
      const { received } = this;
      this.received = [];
      for (const account of new Set(received.map(({ accountId }) => accountId))) {
        await this.deliverTo(
          account,
          received.filter(({ accountId }) => accountId === account),
        );
      }
    }
    this.delivering = undefined;
  }

  private async deliverTo(accountId: number, recorded: readonly RecordedEvent[]): Promise<void> {
    let pings: Ping[];
    try {
      pings = await this.pingsOf(accountId, recorded);
    } catch (error) {
      this.deps.onError(error);
      this.resync('The pings could not be looked up.', accountId);
      return;
    }
    // A copy: those who subscribe meanwhile must not get these.
    for (const { queue, sensorIds } of [...(this.subscribers.get(accountId) ?? [])]) {
      for (const ping of pings) if (sensorIds?.has(ping.sensorId) ?? true) queue.push(ping);
      await setImmediate();
    }
  }

  private async pingsOf(accountId: number, recorded: readonly RecordedEvent[]): Promise<Ping[]> {
    const pings = recorded.flatMap((each) => each.pings);
    const wanted = [...(this.subscribers.get(accountId) ?? [])];
    for (const range of recorded.flatMap(({ ranges }) => ranges)) {
      if (!wanted.some(({ sensorIds }) => sensorIds?.has(range.sensorId) ?? true)) continue;
      // One more ping than fits in a queue makes it overflow, as all of them would.
      pings.push(...(await this.deps.recorded.find(accountId, range, MAX_WAITING + 1)));
    }
    return pings.sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
  }

  private resync(reason: string, accountId?: number): void {
    for (const [account, subscribers] of this.subscribers) {
      if (accountId !== undefined && account !== accountId) continue;
      for (const { queue } of [...subscribers]) queue.fail(new ResyncError(reason));
    }
  }
}
