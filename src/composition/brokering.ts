import type { Principal } from '../domain/shared/principal.js';
import type { Log } from '../http/log.js';
import { Broker, type BrokerDeps } from '../mqtt/broker.js';
import type { MqttConfig } from '../mqtt/config.js';
import type { BrokerState } from '../domain/transfer/broker-state.js';
import { BrokerStateStore } from '../storage/transfer/broker-state-store.js';
import type { Database } from '../storage/postgres/database.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';
import type { Metrics } from '../metrics/metrics.js';
import { BrokerReports } from './broker-reports.js';
import { countedVia } from './counted.js';
import type { Domain } from './domain.js';
import type { RefusalLog } from './refusal-log.js';

const RETRY_MS = 5000;

export interface BrokeringParts extends Pick<BrokerDeps, 'onError' | 'reconnectMs'> {
  readonly database: Database;
  readonly log: Log;
  readonly services: Domain;
  readonly refusals: RefusalLog;
  /** undefined where nothing is measured */
  readonly metrics: Metrics | undefined;
}

export interface BrokeringDeps extends Pick<
  BrokerDeps,
  'readings' | 'onRefused' | 'onError' | 'reconnectMs'
> {
  readonly database: Database;
  readonly log: Log;
  readonly services: Pick<Domain, 'accounts' | 'clock'>;
  /** how long an instance waits until it tries again to be the one that is connected */
  readonly waitMs?: number;
}

/** Builds what records the messages of a broker. */
export function createBrokering(config: MqttConfig, parts: BrokeringParts): Brokering {
  const { refusals, metrics, ...rest } = parts;
  const { fieldReadings, pings } = parts.services;
  return new Brokering(config, {
    ...rest,
    readings: fieldReadings.recordingWith(countedVia(pings, 'mqtt', metrics)),
    onRefused: refusals.via('mqtt'),
  });
}

/** Records the messages of a broker. Of several instances one at a time is connected. */
export class Brokering {
  private readonly closed = new AbortController();
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private broker: Broker | undefined;
  private readonly reports: BrokerReports;

  constructor(
    private readonly config: MqttConfig,
    private readonly deps: BrokeringDeps,
  ) {
    this.reports = new BrokerReports({
      store: new BrokerStateStore(deps.database),
      account: () => deps.services.accounts.findByName(config.account),
      config,
      onError: deps.onError,
    });
  }

  start(): void {
    this.running = this.run().then(() => {
      if (this.closed.signal.aborted) return;
      this.timer = setTimeout(() => this.start(), this.deps.waitMs ?? RETRY_MS).unref();
    });
  }

  /** Undefined for another account than the one whose sensors are read. */
  async stateFor({ accountId, accountName }: Principal): Promise<BrokerState | undefined> {
    if (accountName !== this.config.account) return undefined;
    return this.broker?.state ?? (await this.reports.last(accountId));
  }

  async close(): Promise<void> {
    this.closed.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    const { database, onError } = this.deps;
    const { url, clientId } = this.config;
    const work = (lost: AbortSignal) => this.record(AbortSignal.any([lost, this.closed.signal]));
    try {
      await tryExclusively(database.sessions, `flowgate.mqtt ${url.href} ${clientId}`, work);
    } catch (error) {
      if (!this.closed.signal.aborted) onError(error);
    }
  }

  private async record(end: AbortSignal): Promise<void> {
    const { log, services, ...deps } = this.deps;
    const { accounts, clock } = services;
    const { account, url } = this.config;
    const broker = new Broker(this.config, {
      ...deps,
      principal: () => accounts.operatorIn({ name: account }),
      clock,
      onState: (isConnected, error) => {
        if (error === undefined) log.info({ broker: url.href }, 'messages of the broker are read');
        else log.warn({ broker: url.href, isConnected, reason: error }, 'the broker has a problem');
      },
    });
    this.broker = broker;
    this.reports.start(() => broker.state);
    try {
      await broker.connect();
      await aborted(end);
    } finally {
      this.broker = undefined;
      await broker.close();
      await this.reports.stop();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
