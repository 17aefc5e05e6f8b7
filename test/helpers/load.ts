import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './server.js';

const CLIENTS = 2;
// A client that repeats what failed gives up at last; more would only hide a server that is away.
const MOST_ATTEMPTS = 5;
const UNAVAILABLE: readonly number[] = [502, 503, 504];

/**
 * As an HTTP client with retries sends what may be sent twice. @returns the last reply, or why there
 * was none
 */
export async function withRetries(request: () => Promise<Reply>): Promise<Reply | Error> {
  let reply: Reply | Error = new Error('nothing was sent');
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    reply = await request().catch((error: Error) => error);
    if (!(reply instanceof Error) && !UNAVAILABLE.includes(reply.status)) return reply;
    await sleep(50 * 2 ** attempt);
  }
  return reply;
}

interface LoadDeps {
  /** how many requests are sent with one key */
  readonly requestsPerKey: number;
  newKey(): Promise<string>;
  /** records a ping, and reports which */
  record(key: string): Promise<{ reply: Reply | Error; recorded: number }>;
  read(key: string): Promise<Reply | Error>;
}

/** Clients that record and read without a pause, until they are stopped. */
export class Load {
  /** the pings that were answered with 201 */
  readonly acknowledged: number[] = [];
  readonly failures: (number | Error)[] = [];
  private stopped = false;
  private onDone: (() => void) | undefined;
  private readonly clients: Promise<unknown>;

  constructor(private readonly deps: LoadDeps) {
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.run()));
  }

  /** Waits until this many more pings are acknowledged, or a request has failed. */
  more(count: number): Promise<unknown> {
    const enough = this.acknowledged.length + count;
    const reached = new Promise<void>((resolve) => {
      this.onDone = () => {
        if (this.acknowledged.length >= enough || this.failures.length > 0) resolve();
      };
    });
    return Promise.race([reached, this.clients]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.clients;
  }

  private async run(): Promise<void> {
    const { requestsPerKey, newKey, record, read } = this.deps;
    while (!this.isStopped()) {
      const key = await newKey();
      for (let sent = 0; sent < requestsPerKey; sent += 2) {
        if (this.isStopped()) return;
        const { reply, recorded } = await record(key);
        if (this.expectStatus(reply, 201)) this.acknowledged.push(recorded);
        this.expectStatus(await read(key), 200);
        this.onDone?.();
      }
    }
  }

  private isStopped(): boolean {
    return this.stopped;
  }

  private expectStatus(reply: Reply | Error, status: number): boolean {
    const actual = reply instanceof Error ? reply : reply.status;
    if (actual !== status) this.failures.push(actual);
    return actual === status;
  }
}
