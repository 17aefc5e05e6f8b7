import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CheckedOutConnections } from '../postgres/checked-out-connections.js';
import { DatabaseUnavailableError, isReadOnly, ReadRefusedError } from '../postgres/pg-errors.js';
import type { Reader } from '../postgres/reader.js';
import type { Reads } from '../postgres/reads.js';
import { oneLine } from '../postgres/startup-error.js';
import type { Statement } from '../postgres/statement.js';
import { sees, type Position } from './position.js';
import { ReplayWatch } from './replay-watch.js';

const PROBE_INTERVAL_MS = 1000;
/** How long it may take to connect, and to report the position. */
const ANSWER_TIMEOUT_MS = 2000;

export interface ReplicaSource {
  /** for messages: `HOST:PORT/DATABASE` */
  readonly place: string;
  /** Finds how to connect. @throws where the server cannot be used */
  connect(): Promise<pg.PoolConfig>;
}

export interface ReplicaDeps {
  /** how long a read waits for it */
  readonly maxLagMs: number;
  /** the primary's position now */
  position(): Promise<Position>;
  /** connections for reads, which take statements before the last one is answered */
  createReads(config: pg.PoolConfig): Reads;
  /** called with one line each when it begins to answer reads, and when it is left out */
  onEvent(event: string): void;
}

/** The state of a replica, for those who operate it. */
export interface ReplicaFigures {
  readonly place: string;
  /** whether it answers reads */
  readonly isUsed: boolean;
  /** how long it took to replay what the primary had; undefined while it does not answer */
  readonly lagSeconds: number | undefined;
  /** how many reads it has answered */
  readonly answered: number;
  /** how many reads that were to be its the primary has answered */
  readonly passedOn: number;
}

interface Open {
  readonly watch: ReplayWatch;
  readonly reads: Reads;
  /** aborted with the reason why it ended */
  readonly ended: AbortSignal;
  /** Ends the connections at once; what waits for them fails. */
  end(reason: unknown): Promise<void>;
}

/**
 * A replica that answers reads. Left out while it does not answer, or lags: its reads are then the
 * primary's. It is probed once a second, and begins to answer again as soon as it has caught up.
 */
export class Replica {
  private open: Open | undefined;
  private isCurrent = false;
  private lagMs: number | undefined;
  private behindSince: number | undefined;
  private answered = 0;
  private passedOn = 0;
  private reported: string | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly source: ReplicaSource,
    private readonly deps: ReplicaDeps,
  ) {
    void this.run();
  }

  get isUsed(): boolean {
    return this.open !== undefined && this.isCurrent;
  }

  get figures(): ReplicaFigures {
    const { answered, passedOn, isUsed, open, behindSince, lagMs } = this;
    const lag = behindSince === undefined ? lagMs : performance.now() - behindSince;
    const lagSeconds = open && lag !== undefined ? lag / 1000 : undefined;
    return { place: this.source.place, isUsed, lagSeconds, answered, passedOn };
  }

  /**
   * Reads what was committed before the position, and maybe more.
   * @returns undefined where it cannot: the primary can
   * @throws ReadRefusedError
   */
  async query<Row extends pg.QueryResultRow>(
    position: Position,
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | undefined> {
    const rows = await this.tryToRead<Row>(position, reader, statement, values);
    if (rows) this.answered++;
    else this.passedOn++;
    return rows;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.open?.end(new Error('it is closed'));
  }

  private async tryToRead<Row extends pg.QueryResultRow>(
    position: Position,
    reader: Reader,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | undefined> {
    const { open } = this;
    if (!open || !(await this.reaches(open, position))) return undefined;
    try {
      // Asked of the session that reads, because other sessions may be of another server: of one that
      // was restarted meanwhile, or of another one behind the same address.
      const check = async (connection: pg.PoolClient) => {
        if (await sees(connection, position)) return;
        const error = new Error('it does not have what it had replayed before');
        void open.end(error);
        throw error;
      };
      return await open.reads.query<Row>(reader, statement, values, check);
    } catch (error) {
      if (error instanceof ReadRefusedError) throw error;
      // What else fails here the primary answers, or it fails there too. A standby cancels statements
      // that are in the way of its recovery.
      if (error instanceof DatabaseUnavailableError && !isReadOnly(error.cause))
        void open.end(error);
      return undefined;
    }
  }

  private async reaches(open: Open, position: Position): Promise<boolean> {
    if (open.watch.has(position)) return true;
    const began = performance.now();
    const isReached = await open.watch.reaches(position);
    if (open !== this.open) return false;
    if (!isReached) this.fallBehind(began);
    return isReached;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await this.serve().catch((error: unknown) => this.leaveOut(reasonOf(error)));
      await sleep(PROBE_INTERVAL_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  /** Answers reads until it fails. */
  private async serve(): Promise<never> {
    const open = await this.connect();
    try {
      this.stop.signal.throwIfAborted();
      this.isCurrent = false;
      this.open = open;
      for (;;) {
        await this.probe(open);
        open.ended.throwIfAborted();
        const timing = { ref: false, signal: open.ended };
        await sleep(PROBE_INTERVAL_MS, undefined, timing).catch(() => undefined);
        open.ended.throwIfAborted();
      }
    } catch (error) {
      await open.end(error);
      throw error;
    }
  }

  private async connect(): Promise<Open> {
    const found = await this.source.connect();
    const config = { ...found, connectionTimeoutMillis: ANSWER_TIMEOUT_MS };
    const client = new pg.Client({ ...config, query_timeout: ANSWER_TIMEOUT_MS, keepAlive: true });
    client.on('error', () => undefined);
    await client.connect();
    const reads = this.deps.createReads(config);
    const connections = new CheckedOutConnections([reads.pool]);
    const ended = new AbortController();
    const open: Open = {
      watch: new ReplayWatch(client, this.deps.maxLagMs, (error) => void open.end(error)),
      reads,
      ended: ended.signal,
      end: async (reason) => {
        if (ended.signal.aborted) return;
        ended.abort(reason);
        if (this.open === open) {
          this.open = undefined;
          this.behindSince = undefined;
        }
        client.end().catch(() => undefined);
        connections.abort();
        await reads.close();
      },
    };
    client.on('end', () => void open.end(new Error('Connection terminated')));
    return open;
  }

  private async probe(open: Open): Promise<void> {
    let position: Position;
    try {
      position = await this.deps.position();
    } catch (error) {
      this.isCurrent = false;
      this.leaveOut(reasonOf(error));
      return;
    }
    const began = performance.now();
    if (!(await this.reaches(open, position))) return;
    this.lagMs = performance.now() - began;
    this.behindSince = undefined;
    this.isCurrent = true;
    this.report('answers reads');
  }

  private fallBehind(since: number): void {
    this.behindSince ??= since;
    this.isCurrent = false;
    this.leaveOut(`it lags by more than ${this.deps.maxLagMs} ms`);
  }

  private leaveOut(reason: string): void {
    if (!this.stop.signal.aborted) this.report(`is left out: ${reason}`);
  }

  private report(state: string): void {
    if (state === this.reported) return;
    this.reported = state;
    this.deps.onEvent(`The replica at ${this.source.place} ${state}`);
  }
}

function reasonOf(error: unknown): string {
  return oneLine(error instanceof DatabaseUnavailableError ? error.cause : error);
}
