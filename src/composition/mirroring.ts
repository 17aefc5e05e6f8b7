import type { UpstreamConfig } from '../upstream/upstream-config.js';
import { Mirror, type MirrorState, type ReportedPing } from '../domain/transfer/mirror.js';
import type { Recorded } from '../domain/pings/pings.js';
import type { Principal } from '../domain/shared/principal.js';
import type { Log } from '../http/log.js';
import type { Database } from '../storage/postgres/database.js';
import { oneLine } from '../storage/postgres/startup-error.js';
import { tryExclusively } from '../storage/postgres/try-exclusively.js';
import { SyncedSensorStore } from '../storage/transfer/synced-sensor-store.js';
import { UpstreamClient } from '../upstream/upstream-client.js';
import type { Domain } from './domain.js';

const MAX_PAUSE_MS = 300_000;

export interface MirroringDeps {
  readonly database: Database;
  readonly log: Log;
  readonly mirror: Mirror;
  /** the name of the account that the sensors are copied to */
  readonly account: string;
  readonly pollMs: number;
  /** ends the requests to the upstream */
  readonly abort: AbortController;
  readonly peers?: MirroringPeers | undefined;
}

/** The other processes of this instance, one of which copies. */
export interface MirroringPeers {
  mirrored(state: MirrorState): void;
  requestCopy(): void;
}

export interface MirroringParts {
  readonly database: Database;
  readonly log: Log;
  readonly services: Domain;
  readonly peers?: MirroringPeers | undefined;
}

/** Builds the mirror of an upstream. */
export function createMirroring(
  { url, token, account, pollMs }: UpstreamConfig,
  { database, log, services, peers }: MirroringParts,
): Mirroring {
  const abort = new AbortController();
  const { accounts, sync, pings, volumes, clock } = services;
  const mirror = new Mirror({
    // Mirroring itself tries again, later.
    upstream: new UpstreamClient(url, token, { maxAttempts: 1, signal: abort.signal }),
    principal: () => accounts.operatorIn({ name: account }),
    store: new SyncedSensorStore(database),
    ...{ sync, pings, volumes, clock },
  });
  return new Mirroring({ database, log, mirror, account, pollMs, abort, peers });
}

/**
 * Copies what is new at the upstream again and again. Of several instances one at a time copies;
 * after failures the pauses grow, to at least what the upstream asks for.
 */
export class Mirroring {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failures = 0;
  private isClosed = false;
  private isStarted = false;
  private followed: MirrorState | undefined;

  constructor(private readonly deps: MirroringDeps) {}

  start(): void {
    this.isStarted = true;
    this.next(0);
  }

  /** To be called with the state of the process that copies, where this one does not. */
  follow(state: MirrorState): void {
    this.followed = state;
  }

  /** Copies without delay, unless that failed last. */
  copyNow(): void {
    if (!this.isStarted) this.deps.peers?.requestCopy();
    else if (this.failures === 0) this.next(0);
  }

  /** Records a ping at once; that of an unknown sensor is copied with the sensor, without delay. */
  async receive(ping: ReportedPing): Promise<Recorded | undefined> {
    const recorded = await this.deps.mirror.receive(ping);
    if (!recorded) this.copyNow();
    return recorded;
  }

  get state(): MirrorState {
    const { state } = this.deps.mirror;
    return this.isStarted ? state : (this.followed ?? state);
  }

  /** Undefined for another account than the one that the sensors are copied to. */
  stateFor({ accountName }: Principal): MirrorState | undefined {
    return accountName === this.deps.account ? this.state : undefined;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.deps.abort.abort();
    await this.running;
  }

  private next(pauseMs: number): void {
    if (this.isClosed || this.running) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.run().then((pause) => {
        this.running = undefined;
        this.deps.peers?.mirrored(this.state);
        this.next(pause);
      });
    }, pauseMs).unref();
  }

  /** @returns the pause until the next run */
  private async run(): Promise<number> {
    const { database, log, mirror, pollMs } = this.deps;
    const { upstream } = mirror.state;
    try {
      await tryExclusively(database.sessions, 'flowgate.mirror', async () => {
        for (const difference of await mirror.run()) {
          log.warn({ from: upstream, ...difference }, 'a volume differs from the upstream’s');
        }
      });
      if (this.failures > 0) log.warn({ upstream }, 'the upstream can be read again');
      this.failures = 0;
      return pollMs;
    } catch (error) {
      if (this.isClosed) return 0;
      if (this.failures === 0)
        log.error(
          { upstream, reason: oneLine(error) },
          'the upstream cannot be read; it is tried again',
        );
      this.failures++;
      const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
      return Math.max(retryAfterMs, Math.min(pollMs * 2 ** this.failures, MAX_PAUSE_MS));
    }
  }
}
