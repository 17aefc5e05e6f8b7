import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { sqlState } from '../postgres/pg-errors.js';
import { oneLine, ServerAlreadyRunningError, StartupError } from '../postgres/startup-error.js';
import { Cluster } from './cluster.js';
import { startPostmaster, stopPostmaster, type Attempt } from './postmaster.js';
import { UsageLock } from './usage-lock.js';
import type { Durability } from './settings.js';

export interface EmbeddedOptions extends Partial<Durability> {
  /** Whether to create a cluster if there is none; true by default. */
  readonly create?: boolean;
  /** Called with one line each when PostgreSQL goes away and when it is back. */
  readonly onEvent?: (event: string) => void;
}

const POLL_MS = 20;
const MAX_POLL_MS = 250;
// The time that recovery from a crash takes grows with the write-ahead log since the last
// checkpoint; this waits while PostgreSQL reports that it is recovering.
const START_DEADLINE_MS = 60_000;
const RECOVERY_PAUSE_MS = 500;
// A server that is just ending releases its lock within this time.
const SERVER_LOCK_TIMEOUT_MS = 500;

/**
 * Connects to the embedded PostgreSQL in `dataDir`, created and started if necessary. It stays up
 * while any process uses it and is stopped by the last that releases it. If it dies meanwhile it is
 * started again.
 *
 * @throws StartupError
 */
export async function acquireEmbedded(
  dataDir: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const cluster = await Cluster.open(dataDir, { create: options.create ?? true });
  const { durable = true, maxConnections } = options;
  const durability = { durable, ...(maxConnections !== undefined && { maxConnections }) };
  const presence = await attach(cluster, durability);
  const connection = await cluster.connection();
  return new EmbeddedDatabase(dataDir, cluster, durability, connection, presence, options.onEvent);
}

export class EmbeddedDatabase {
  private isServer = false;
  private released = false;
  private recovering: Promise<void> | undefined;

  /** @internal use acquireEmbedded */
  constructor(
    private readonly dataDir: string,
    private readonly cluster: Cluster,
    private readonly durability: Durability,
    /** How to connect; it does not change until the release. */
    readonly connection: pg.PoolConfig,
    private presence: UsageLock,
    private readonly onEvent: (event: string) => void = () => undefined,
  ) {
    this.watch();
  }

  /**
   * Makes this process the one server on the data directory.
   *
   * @throws ServerAlreadyRunningError
   */
  async ensureOnlyServer(): Promise<void> {
    const deadline = Date.now() + SERVER_LOCK_TIMEOUT_MS;
    for (;;) {
      const other = await this.presence.becomeServer();
      if (other === undefined) break;
      if (Date.now() > deadline) {
        throw new ServerAlreadyRunningError(
          `Another Flowgate server (process ${other}) already runs on the data directory ${this.dataDir}.`,
        );
      }
      await delay(POLL_MS);
    }
    this.isServer = true;
  }

  get directory(): string {
    return this.cluster.directory;
  }

  /**
   * Releases PostgreSQL, which stops if no other process uses it. Close what is connected first.
   */
  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    await this.recovering;
    await this.presence.leave(() => stopPostmaster(this.cluster)).catch(() => undefined);
  }

  private watch(): void {
    void this.presence.ended.then(() => {
      if (this.released) return;
      this.onEvent('The embedded PostgreSQL went away; starting it again.');
      this.recovering = this.recover();
    });
  }

  private async recover(): Promise<void> {
    let reported: string | undefined;
    while (!this.released) {
      try {
        const presence = await attach(this.cluster, this.durability);
        if (this.isServer) await presence.becomeServer();
        this.presence = presence;
        this.watch();
        this.onEvent('The embedded PostgreSQL is back.');
        return;
      } catch (error) {
        const reason = oneLine(error);
        if (reason !== reported) this.onEvent(reason);
        reported = reason;
        await delay(RECOVERY_PAUSE_MS);
      }
    }
  }
}

const STARTING_UP_OR_SHUTTING_DOWN = '57P03';
const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);
// Seen where PostgreSQL ends while a connection is being made.
const ENDING = /^(57P0|08)|^(ECONNRESET|EPIPE)$/;

async function attach(cluster: Cluster, durability: Durability): Promise<UsageLock> {
  let attempt: Attempt | undefined;
  let failure: StartupError | undefined;
  let deadline = Date.now() + START_DEADLINE_MS;
  let pause = POLL_MS;
  try {
    while (Date.now() < deadline) {
      try {
        const presence = await UsageLock.enter(await cluster.connection());
        if (presence) return presence;
      } catch (error) {
        const state = sqlState(error) ?? '';
        if (state === STARTING_UP_OR_SHUTTING_DOWN) deadline = Date.now() + START_DEADLINE_MS;
        else if (NOT_LISTENING.has(state)) {
          if (failure) throw failure;
          attempt ??= await start(cluster, durability, (reason) => {
            failure = reason;
            attempt = undefined;
          });
        } else if (!isEnding(error) && !isSlow(error)) throw cannotConnect(cluster, error);
      }
      await delay(pause);
      pause = Math.min(pause * 1.1, MAX_POLL_MS);
    }
    throw new StartupError(`The embedded PostgreSQL does not answer (${cluster.log}).`);
  } catch (error) {
    // Nothing uses a PostgreSQL that was started here and refuses connections.
    await attempt?.stop();
    throw error;
  }
}

async function start(
  cluster: Cluster,
  durability: Durability,
  onExit: (reason: StartupError | undefined) => void,
): Promise<Attempt> {
  const attempt = await startPostmaster(cluster, durability);
  void attempt.exited.then(onExit);
  return attempt;
}

function isEnding(error: unknown): boolean {
  return ENDING.test(sqlState(error) ?? '') || /Connection terminated/.test(oneLine(error));
}

/**
 * It did not answer in time, as on a busy machine or with a stalled disk; that is not a refusal.
 */
function isSlow(error: unknown): boolean {
  return oneLine(error) === 'timeout expired';
}

function cannotConnect(cluster: Cluster, error: unknown): StartupError {
  return new StartupError(
    `The embedded PostgreSQL in ${cluster.directory} refuses the connection: ${oneLine(error)}`,
    { cause: error },
  );
}
