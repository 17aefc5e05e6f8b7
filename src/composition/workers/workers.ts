import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { MirrorState } from '../../domain/transfer/mirror.js';
import {
  SubscriptionLimits,
  TooManySubscriptionsError,
  type SubscriptionMaxima,
} from '../../graphql/subscriptions/subscription-limits.js';
import type { Log } from '../../http/log.js';
import { StartupError } from '../../storage/postgres/startup-error.js';
import type { ProcessMetrics } from '../../metrics/processes.js';
import type { PrimaryMessage, Subscriber, WorkerMessage } from './messages.js';

// A worker that lived this long is replaced at once.
const LONG_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 30_000;
const METRICS_TIMEOUT_MS = 4000;

export interface WorkersOptions {
  readonly count: number;
  readonly maxSubscriptions: SubscriptionMaxima;
  readonly log: Log;
}

interface Member {
  readonly worker: Worker;
  readonly begun: number;
  readonly exited: Promise<unknown>;
  /** those of its open subscriptions, by their id */
  readonly releases: Map<number, () => void>;
  isReady: boolean;
}

/**
 * The processes that serve the requests, all on one port. One that ends is replaced; one at a time
 * leads, which is to do what must not be done by several.
 */
export class Workers {
  private readonly members = new Set<Member>();
  private readonly subscriptions: SubscriptionLimits;
  private readonly measured = new Map<number, (metrics: ProcessMetrics) => void>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private leader: Member | undefined;
  /** by the name of the upstream */
  private readonly mirrorStates = new Map<string, MirrorState>();
  private measurements = 0;
  private earlyEnds = 0;
  private isEnding = false;
  private onAllReady: (() => void) | undefined;
  private onStartFailed: ((error: StartupError) => void) | undefined;

  constructor(private readonly options: WorkersOptions) {
    this.subscriptions = new SubscriptionLimits(options.maxSubscriptions);
  }

  get readyCount(): number {
    return [...this.members].filter(({ isReady }) => isReady).length;
  }

  /** Resolves when all of them listen. @throws StartupError where one ends before */
  start(environment: NodeJS.ProcessEnv): Promise<void> {
    // The workers accept connections themselves. Those that node's primary has handed to a worker that
    // then dies would hang, and of many that come at once it hands most to one worker.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({
      exec: process.argv[1],
      args: ['serve', '--worker'],
      serialization: 'advanced',
    });
    const started = new Promise<void>((resolve, reject) => {
      this.onAllReady = resolve;
      this.onStartFailed = reject;
    });
    for (let index = 0; index < this.options.count; index++) this.fork(environment);
    return started;
  }

  /** Those of each worker that answers in time. */
  async metrics(): Promise<ProcessMetrics[]> {
    const ready = [...this.members].filter(({ isReady }) => isReady);
    const answers = await Promise.all(ready.map((member) => this.metricsOf(member)));
    return answers.filter((metrics) => metrics !== undefined);
  }

  /** Ends all of them as a signal would: what they have begun they finish, up to a timeout. */
  async end(timeoutMs: number): Promise<void> {
    this.isEnding = true;
    for (const timer of this.restarts) clearTimeout(timer);
    const members = [...this.members];
    for (const { worker } of members) worker.process.kill('SIGTERM');
    const timer = setTimeout(() => {
      for (const { worker } of this.members) worker.process.kill('SIGKILL');
    }, timeoutMs);
    await Promise.all(members.map(({ exited }) => exited));
    clearTimeout(timer);
  }

  private fork(environment: NodeJS.ProcessEnv): void {
    const worker = cluster.fork(environment);
    const exited = once(worker, 'exit');
    const begun = performance.now();
    const member: Member = { worker, begun, exited, releases: new Map(), isReady: false };
    this.members.add(member);
    worker.on('message', (message: WorkerMessage) => this.handle(member, message));
    // Such as where it ends while a message is on its way to it.
    worker.on('error', () => undefined);
    worker.once('exit', (code, signal) => {
      this.forget(member);
      if (this.isEnding) return;
      if (this.onAllReady) this.failStart();
      else this.replace(member, { code, signal }, environment);
    });
  }

  private handle(member: Member, message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.ready(member);
        break;
      case 'metrics':
        this.measured.get(message.id)?.(message.metrics);
        break;
      case 'subscribe':
        this.subscribe(member, message.id, message.subscriber);
        break;
      case 'unsubscribe':
        member.releases.get(message.id)?.();
        member.releases.delete(message.id);
        break;
      case 'mirrored':
        this.mirrorStates.set(message.state.name, message.state);
        for (const other of this.members) if (other !== member) send(other, message);
        break;
      case 'copy':
        if (this.leader) send(this.leader, message);
    }
  }

  private ready(member: Member): void {
    member.isReady = true;
    for (const state of this.mirrorStates.values()) send(member, { kind: 'mirrored', state });
    if (!this.leader) this.lead(member);
    if (this.readyCount < this.options.count) return;
    this.onAllReady?.();
    this.onAllReady = undefined;
  }

  private lead(member: Member | undefined): void {
    this.leader = member;
    if (member) send(member, { kind: 'lead' });
  }

  private subscribe(member: Member, id: number, subscriber: Subscriber): void {
    try {
      member.releases.set(id, this.subscriptions.take(subscriber));
      send(member, { kind: 'subscribed', id, refusal: undefined });
    } catch (error) {
      if (!(error instanceof TooManySubscriptionsError)) throw error;
      send(member, { kind: 'subscribed', id, refusal: error.refusal });
    }
  }

  private forget(member: Member): void {
    this.members.delete(member);
    for (const release of member.releases.values()) release();
    if (this.leader === member) this.lead([...this.members].find(({ isReady }) => isReady));
  }

  private failStart(): void {
    this.onStartFailed?.(
      new StartupError('A worker ended before it listened; its own message says why.'),
    );
  }

  private replace(
    { worker, begun }: Member,
    end: { code: number | null; signal: string | null },
    environment: NodeJS.ProcessEnv,
  ): void {
    this.earlyEnds = performance.now() - begun < LONG_LIFE_MS ? this.earlyEnds + 1 : 0;
    const pauseMs =
      this.earlyEnds < 2 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** this.earlyEnds, MAX_PAUSE_MS);
    this.options.log.error(
      { worker: worker.process.pid, ...end, pauseMs },
      'a worker ended and is replaced',
    );
    const timer = setTimeout(() => {
      this.restarts.delete(timer);
      this.fork(environment);
    }, pauseMs);
    this.restarts.add(timer);
  }

  private metricsOf(member: Member): Promise<ProcessMetrics | undefined> {
    const id = ++this.measurements;
    return new Promise((resolve) => {
      const done = (metrics?: ProcessMetrics) => {
        clearTimeout(timer);
        this.measured.delete(id);
        resolve(metrics);
      };
      const timer = setTimeout(done, METRICS_TIMEOUT_MS);
      this.measured.set(id, done);
      send(member, { kind: 'measure', id });
    });
  }
}

function send({ worker }: Member, message: PrimaryMessage): void {
  if (worker.isConnected()) worker.send(message, undefined, () => undefined);
}
