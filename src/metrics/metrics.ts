import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NewPing, Recorded } from '../domain/pings/pings.js';
import type { Clock } from '../domain/shared/clock.js';
import { failures, groupCommits, webhookAttempts } from '../domain/shared/measurements.js';
import type { PoolFigures, ReplicaFigures, SystemStatus } from '../domain/system/system-status.js';
import { createInstruments } from './instruments.js';
import { metricsHandler } from './handler.js';
import type { ProcessMetrics } from './processes.js';

const STATUS_TIMEOUT_MS = 3000;

export interface MetricsDeps {
  readonly version: string;
  readonly clock: Clock;
  readonly status: () => Promise<SystemStatus>;
  readonly pools: () => readonly PoolFigures[];
  readonly replicas: () => readonly ReplicaFigures[];
  readonly lastBackup: () => Promise<Date | undefined>;
  /** the path of a request with the names of its parameters, of a bounded number */
  readonly routeOf: (url: string) => string;
}

/** Which way pings came in. */
export type Via = 'rest' | 'graphql' | 'lorawan' | 'mqtt';

/** Which way messages came in that were not recorded. */
export type MessageVia = 'lorawan' | 'mqtt' | 'mirror';

/** Measures the server for Prometheus. */
export class Metrics {
  private readonly instruments;
  private readonly subscribed: (() => void)[];
  private countSubscriptions = () => 0;

  constructor(private readonly deps: MetricsDeps) {
    const instruments = createInstruments(deps.version);
    this.instruments = instruments;
    this.subscribed = [
      groupCommits.subscribe(({ durationMs, requests }) => {
        instruments.groupCommitDuration.observe(durationMs / 1000);
        instruments.groupCommitRequests.inc(requests);
      }),
      webhookAttempts.subscribe(({ durationMs, isSuccess }) => {
        const outcome = isSuccess ? 'success' : 'failure';
        instruments.webhookAttemptDuration.observe({ outcome }, durationMs / 1000);
      }),
      failures.subscribe(({ inRequest }) => {
        instruments.failures.inc({ where: inRequest ? 'request' : 'background' });
      }),
    ];
    for (const where of ['request', 'background']) instruments.failures.inc({ where }, 0);
  }

  /** @param count how many subscriptions are open */
  watchSubscriptions(count: () => number): void {
    this.countSubscriptions = count;
  }

  /** To be called with each request before its URL is changed. */
  request(request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    const { method = '', url = '' } = request;
    response.once('close', () => {
      if (isStream(response)) return;
      const labels = {
        method: METHODS.has(method) ? method : 'other',
        route: this.deps.routeOf(url),
        status_code: response.headersSent ? String(response.statusCode) : 'none',
      };
      this.instruments.httpDuration.observe(labels, (performance.now() - began) / 1000);
    });
  }

  /** To be called when pings were recorded. */
  recorded(via: Via, pings: readonly Pick<NewPing, 'datetime'>[], { recorded }: Recorded): void {
    this.instruments.pingsRecorded.inc({ via }, recorded);
    let newest = -Infinity;
    for (const { datetime } of pings) newest = Math.max(newest, datetime.getTime());
    if (recorded === 0 || newest === -Infinity) return;
    const lag = (this.deps.clock().getTime() - newest) / 1000;
    this.instruments.pingLag.observe(Math.max(0, lag));
  }

  /** To be called when a message, or a reading in one, was refused. */
  refused(via: MessageVia): void {
    this.instruments.messagesRefused.inc({ via });
  }

  /** `GET /metrics`, in the text format of Prometheus. */
  readonly handle = metricsHandler(() => this.text());

  /** The same before it is written as text, to be aggregated with those of other processes. */
  async ofProcess(): Promise<ProcessMetrics> {
    await this.update();
    return this.instruments.registry.getMetricsAsJSON();
  }

  close(): void {
    for (const end of this.subscribed) end();
    this.instruments.registry.clear();
  }

  private async text(): Promise<string> {
    await this.update();
    return this.instruments.registry.metrics();
  }

  private async update(): Promise<void> {
    const { instruments, deps } = this;
    for (const { name: pool, active, idle, waiting } of deps.pools()) {
      instruments.connections.set({ pool, state: 'active' }, active);
      instruments.connections.set({ pool, state: 'idle' }, idle);
      instruments.connectionWaiters.set({ pool }, waiting);
    }
    this.setReplicas(deps.replicas());
    instruments.subscriptions.set(this.countSubscriptions());
    const [status, lastBackup] = await Promise.all([
      inTime(deps.status()),
      deps.lastBackup().catch(() => undefined),
    ]);
    if (lastBackup) instruments.lastBackup.set(lastBackup.getTime() / 1000);
    this.setStatus(status);
  }

  private setReplicas(replicas: readonly ReplicaFigures[]): void {
    const { replicaUp, replicaLag, replicaReads } = this.instruments;
    replicaLag.reset();
    replicaReads.reset();
    for (const { place: replica, isUsed, lagSeconds, answered, passedOn } of replicas) {
      replicaUp.set({ replica }, isUsed ? 1 : 0);
      if (lagSeconds !== undefined) replicaLag.set({ replica }, lagSeconds);
      replicaReads.inc({ replica, answered_by: 'replica' }, answered);
      replicaReads.inc({ replica, answered_by: 'primary' }, passedOn);
    }
  }

  private setStatus(status: SystemStatus | undefined): void {
    const { instruments } = this;
    instruments.databaseUp.set(status ? 1 : 0);
    // What is not known now is left out, rather than what it was before.
    const known = (gauge: { set(value: number): void; remove(): void }, value?: number) =>
      value === undefined ? gauge.remove() : gauge.set(value);
    known(instruments.databaseSize, status?.database.bytes);
    known(instruments.clockSkew, status?.database.clockSkewSeconds);
    known(instruments.migrationsPending, status?.migrations.pending);
    known(instruments.queueDepth, status?.queue.depth);
    known(instruments.oldestPending, status?.queue.oldestPendingSeconds);
    known(instruments.diskFree, status?.disk?.freeBytes);
    known(instruments.diskSize, status?.disk?.totalBytes);
    instruments.sensors.reset();
    for (const [state, count] of Object.entries(status?.sensors ?? {})) {
      instruments.sensors.set({ state }, count);
    }
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}

/** Undefined where the database does not answer in time, so that a scrape does. */
function inTime(status: Promise<SystemStatus>): Promise<SystemStatus | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, STATUS_TIMEOUT_MS, undefined);
    void status
      .catch(() => undefined)
      .then((value) => {
        clearTimeout(timer);
        resolve(value);
      });
  });
}
