import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../domain/shared/errors.js';
import { ResyncError, type PingFeed } from '../domain/pings/feed.js';
import type { Ping } from '../domain/pings/pings.js';
import { requireScope, type Principal } from '../domain/shared/principal.js';
import type { NotificationSession, Notifications } from '../storage/postgres/notifications.js';
import type { PingRangeStore } from '../storage/pings/pings-by-id-range.js';
import { InstanceTracker } from './instance-tracker.js';
import { bye, fence, hello, readMessage, type RecordedEvent } from './message.js';
import { MAX_WAITING, PingQueue } from './ping-queue.js';

const LOOK_EVERY_MS = 2000;
const RECONNECT_MS = 250;
const CONNECT_PATIENCE_MS = 5000;
// What comes within it, from several instances, is told in the order of ids.
const GATHER_MS = 20;
const LARGEST_ID = 2 ** 31;

interface Subscriber {
  readonly queue: PingQueue;
  /** undefined: all of the account */
  readonly sensorIds: ReadonlySet<number> | undefined;
}

export interface LiveFeedDeps {
  readonly notifications: Notifications;
  readonly recorded: PingRangeStore;
  /** waits until what this instance recorded before has been told */
  flush(): Promise<void>;
  /** told of what is tried again */
  readonly onError: (error: unknown) => void;
}

/** Hands the pings that any instance records to this one's subscribers. One connection listens for all of them. */
export class LiveFeed implements PingFeed {
  private readonly subscribers = new Map<number, Set<Subscriber>>();
  private readonly instances = new InstanceTracker();
  private session: Promise<NotificationSession> | undefined;
  private gathered: RecordedEvent[] = [];
  private telling: Promise<void> | undefined;
  private look: NodeJS.Timeout | undefined;
  private readonly fences = { next: 0, waiting: new Map<string, (passed: boolean) => void>() };
  private id = 0;
  private closed = false;

  constructor(private readonly parts: LiveFeedDeps) {}

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
    await this.connected();
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

  get subscriberCount(): number {
    let count = 0;
    for (const subscribers of this.subscribers.values()) count += subscribers.size;
    return count;
  }

  /** Ends every subscription; there are no new ones. */
  endSubscriptions(): void {
    this.closed = true;
    this.resync('The server is going away.');
  }

  /** Says that this instance has told all. */
  async close(): Promise<void> {
    this.endSubscriptions();
    clearInterval(this.look);
    const session = await this.session?.catch(() => undefined);
    if (!session) return;
    await this.parts.notifications.send([bye(this.id)]).catch(() => undefined);
    await session.end();
  }

  /** Waits for the session, within reason. */
  private async connected(): Promise<void> {
    if (this.closed) throw new UnavailableError(1);
    this.session ??= this.connect();
    const late = sleep(CONNECT_PATIENCE_MS, undefined, { ref: false });
    if (!(await Promise.race([this.session, late]))) throw new UnavailableError(1);
  }

  /** Waits for what was acknowledged here before: a new subscription does not tell it. */
  private async caughtUp(): Promise<void> {
    await this.parts.flush();
    const key = `${this.id} ${this.fences.next}`;
    this.fences.next++;
    const passed = new Promise<boolean>((resolve) => this.fences.waiting.set(key, resolve));
    await this.parts.notifications.send([fence(key)]);
    if (!(await passed)) throw new UnavailableError(1);
    await this.telling;
  }

  private async connect(): Promise<NotificationSession> {
    for (;;) {
      try {
        return await this.open();
      } catch (error) {
        if (this.closed) throw error;
        this.parts.onError(error);
        await sleep(RECONNECT_MS, undefined, { ref: false });
      }
    }
  }

  private async open(): Promise<NotificationSession> {
    // Another one each time: the server may still hold the last one's.
    this.id = randomInt(1, LARGEST_ID);
    // Until then a break shows in what fails here.
    let isOpen = false;
    const session = await this.parts.notifications.listen(this.id, {
      received: (payload) => this.received(payload),
      broken: () => isOpen && this.broken(),
    });
    try {
      this.instances.reset(await session.members());
      await this.parts.notifications.send([hello(this.id)]);
    } catch (error) {
      await session.end();
      throw error;
    }
    isOpen = true;
    clearInterval(this.look);
    this.look = setInterval(() => void this.lookAround(session), LOOK_EVERY_MS).unref();
    return session;
  }

  private passFence(key: string, passed: boolean): void {
    this.fences.waiting.get(key)?.(passed);
    this.fences.waiting.delete(key);
  }

  private broken(): void {
    clearInterval(this.look);
    for (const key of [...this.fences.waiting.keys()]) this.passFence(key, false);
    this.gathered = [];
    this.resync('The connection to the database was lost.');
    this.session = this.closed ? undefined : this.connect();
    // Whoever subscribes waits for it; if nobody does, nobody needs to know that it failed.
    this.session?.catch(() => undefined);
  }

  private async lookAround(session: NotificationSession): Promise<void> {
    try {
      if (this.instances.look(await session.members())) {
        this.resync('Another server ended without telling all that it recorded.');
      }
    } catch {
      // A connection that answers no more is one that broke, whether the system has noticed or not.
      if (session.abandon()) this.broken();
    }
  }

  private received(payload: string): void {
    const message = readMessage(payload);
    if (message?.kind === 'hello') this.instances.came(message.id);
    if (message?.kind === 'bye') this.instances.left(message.id);
    if (message?.kind === 'fence') this.passFence(message.key, true);
    if (message?.kind === 'gap') {
      this.resync('Pings were recorded that are not told one by one.', message.accountId);
    }
    if (message?.kind !== 'recorded' || !this.subscribers.has(message.accountId)) return;
    this.gathered.push(message);
    this.telling ??= this.tell();
  }

  private async tell(): Promise<void> {
    await sleep(GATHER_MS, undefined, { ref: false });
    while (this.gathered.length > 0) {
      const gathered = this.gathered;
      this.gathered = [];
      for (const account of new Set(gathered.map(({ accountId }) => accountId))) {
        await this.tellAccount(
          account,
          gathered.filter(({ accountId }) => accountId === account),
        );
      }
    }
    this.telling = undefined;
  }

  private async tellAccount(accountId: number, recorded: readonly RecordedEvent[]): Promise<void> {
    let pings: Ping[];
    try {
      pings = await this.pingsOf(accountId, recorded);
    } catch (error) {
      this.parts.onError(error);
      this.resync('The pings could not be looked up.', accountId);
      return;
    }
    for (const { queue, sensorIds } of this.subscribers.get(accountId) ?? []) {
      for (const ping of pings) if (sensorIds?.has(ping.sensorId) ?? true) queue.push(ping);
    }
  }

  private async pingsOf(accountId: number, recorded: readonly RecordedEvent[]): Promise<Ping[]> {
    const pings = recorded.flatMap((each) => each.pings);
    const wanted = [...(this.subscribers.get(accountId) ?? [])];
    for (const range of recorded.flatMap(({ ranges }) => ranges)) {
      if (!wanted.some(({ sensorIds }) => sensorIds?.has(range.sensorId) ?? true)) continue;
      // One more than any queue holds makes it overflow, as all of them would.
      pings.push(...(await this.parts.recorded.find(accountId, range, MAX_WAITING + 1)));
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
