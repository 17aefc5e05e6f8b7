import type { BrokerState } from '../domain/transfer/broker-state.js';
import type { MqttConfig } from '../mqtt/config.js';
import type { BrokerStateStore } from '../storage/transfer/broker-state-store.js';

const INTERVAL_MS = 1000;
// A state that does not change is reported this often, which shows that its instance still runs.
const HEARTBEAT_MS = 5000;
const MAX_AGE_SECONDS = 15;

export interface BrokerReportsDeps {
  readonly store: Pick<BrokerStateStore, 'read' | 'write'>;
  /** whose sensors are read; undefined where there is none of its name yet */
  readonly account: () => Promise<{ readonly id: number } | undefined>;
  readonly config: Pick<MqttConfig, 'url' | 'clientId'>;
  readonly onError: (error: unknown) => void;
}

/** Passes the state of the connection to a broker from the instance that has it to the others. */
export class BrokerReports {
  private readonly broker: string;
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<void> | undefined;
  private state: (() => BrokerState) | undefined;
  private reported: string | undefined;
  private reportedAt = 0;

  constructor(private readonly deps: BrokerReportsDeps) {
    const { url, clientId } = deps.config;
    this.broker = `${url.href} ${clientId}`;
  }

  /** Reports the state until `stop` is called. */
  start(state: () => BrokerState): void {
    this.state = state;
    this.reported = undefined;
    this.report();
    this.timer = setInterval(() => this.report(), INTERVAL_MS).unref();
  }

  /** Reports the state for the last time. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.reporting;
    this.report();
    await this.reporting;
  }

  /** What was reported last, by any instance. */
  async last(accountId: number): Promise<BrokerState> {
    const report = await this.deps.store.read(accountId, this.broker);
    if (!report) return { ...this.none, error: 'No instance is connected yet.' };
    const state = fromJson(report.state as Jsonified);
    if (report.ageSeconds <= MAX_AGE_SECONDS) return state;
    const error = `The instance that was connected has not reported for ${Math.round(report.ageSeconds)} s.`;
    return { ...state, isConnected: false, error };
  }

  /** Does nothing while a report is on its way, or where nothing has changed. */
  private report(): void {
    if (this.reporting || !this.state) return;
    const state = this.state();
    const text = JSON.stringify(state);
    const now = performance.now();
    if (text === this.reported && now - this.reportedAt < HEARTBEAT_MS) return;
    this.reported = text;
    this.reportedAt = now;
    this.reporting = this.write(text).finally(() => {
      this.reporting = undefined;
    });
  }

  private async write(state: string): Promise<void> {
    const { store, account, onError } = this.deps;
    try {
      const found = await account();
      if (found) await store.write(found.id, this.broker, state);
    } catch (error) {
      onError(error);
    }
  }

  private get none(): BrokerState {
    return {
      url: this.deps.config.url.href,
      isConnected: false,
      error: undefined,
      lastMessageAt: undefined,
      ...{ recorded: 0, refused: 0, lastRefused: [] },
    };
  }
}

/** A state whose instants are text. */
type Jsonified = Omit<BrokerState, 'error' | 'lastMessageAt' | 'lastRefused'> & {
  readonly error?: string;
  readonly lastMessageAt?: string;
  readonly lastRefused: readonly { at: string; topic: string; reason: string }[];
};

function fromJson({ error, lastMessageAt, lastRefused, ...state }: Jsonified): BrokerState {
  return {
    ...state,
    error,
    lastMessageAt: lastMessageAt === undefined ? undefined : new Date(lastMessageAt),
    lastRefused: lastRefused.map(({ at, ...refused }) => ({ ...refused, at: new Date(at) })),
  };
}
