import type { Mirror, MirrorState, ReportedPing } from '../domain/transfer/mirror.js';
import type { Recorded } from '../domain/pings/pings.js';
import type { Principal } from '../domain/shared/principal.js';
import type { Log } from '../http/log.js';
import { oneLine } from '../storage/postgres/startup-error.js';
import { tryExclusively, type LockPool } from '../storage/postgres/try-exclusively.js';

const MAX_PAUSE_MS = 300_000;

export interface MirroringDeps {
  readonly log: Log;
  readonly mirror: Mirror;
  /** where it is locked that one at a time copies */
  readonly locks: LockPool;
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
  /** @param name of the upstream */
  requestCopy(name: string): void;
}

/**
 * Copies what is new at an upstream again and again. Of several instances one at a time copies;
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
    if (!this.isStarted) this.deps.peers?.requestCopy(this.state.name);
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
    const { locks, log, mirror, account, pollMs } = this.deps;
    const { upstream } = mirror.state;
    try {
      await tryExclusively(locks, `flowgate.mirror ${upstream} ${account}`, async () => {
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
