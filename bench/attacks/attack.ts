import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { END } from '../data.js';

/** What an attacker knows: a server, and an account of its own with everything that it may have. */
export interface Target {
  readonly url: string;
  readonly token: string;
  /** a viewer of the account */
  readonly username: string;
  readonly password: string;
  /** with many pings */
  readonly sensor: number;
  /** receives webhooks */
  readonly receiver: string;
}

/** Begins and goes on; once it runs, it may return what to do at the end. */
export type Attack = (attacker: Attacker) => unknown;

export interface Sent {
  readonly path: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

// Another address than that of the process that measures, so that they are not throttled together.
const ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
const CONNECTIONS = 1000;
const PAUSE_MS = 50;
/** The time in which new pings lie: so long that those of two requests hardly ever meet. */
const PINGED_MS = 200 * 86_400_000;

/** Sends requests whatever becomes of them, and counts the responses. */
export class Attacker {
  private readonly pool: Pool;
  private readonly counts = new Map<string, number>();
  private readonly clients: Promise<void>[] = [];
  private isEnding = false;

  constructor(readonly target: Target) {
    this.pool = new Pool(target.url, {
      connections: CONNECTIONS,
      headersTimeout: 0,
      bodyTimeout: 0,
      localAddress: ADDRESS,
    });
  }

  /** Does `work` by many clients at once, each again a moment after it was done. */
  repeat(clients: number, work: (client: number) => Promise<unknown>): void {
    const client = async (number: number) => {
      while (!this.isEnding) {
        await work(number);
        await pause(PAUSE_MS);
      }
    };
    for (let number = 0; number < clients; number++) this.clients.push(client(number));
  }

  /** Resolves once what is repeated was done for the last time. */
  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.clients);
  }

  query(query: string, variables?: object): Promise<string> {
    return this.send({ path: '/graphql', body: JSON.stringify({ query, variables }) });
  }

  /**
   * @param signal ends the request, as a client that goes away does
   * @returns the beginning of the response's body
   */
  async send({ path, body, headers }: Sent, signal?: AbortSignal): Promise<string> {
    let start = '';
    try {
      const response = await this.pool.request({
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Token ${this.target.token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      });
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        if (start.length < 1000) start += chunk.toString('latin1', 0, 1000);
      }
      const [, code] = /^\{"errors".*?"code":"(\w+)"/.exec(start) ?? [];
      this.count(code ?? String(response.statusCode));
    } catch {
      this.count(signal?.aborted ? 'given up' : 'cut');
    }
    return start;
  }

  /** Records new pings of one sensor, in one request. */
  record(count: number): Promise<string> {
    const from = END + Math.floor(Math.random() * PINGED_MS);
    const pings = Array.from({ length: count }, (_, index) => ({
      flowrate: 759.9,
      datetime: new Date(from + index).toISOString(),
    }));
    const path = `/api/v1/flow_sensors/${this.target.sensor}/pings/`;
    return this.send({ path, body: JSON.stringify(pings) });
  }

  /** A connection on which bytes are sent by hand. */
  connect(onConnect: (socket: Socket) => void): Socket {
    const { hostname: host, port } = new URL(this.target.url);
    const socket = connect({ host, port: Number(port), localAddress: ADDRESS });
    socket.on('error', () => undefined).once('connect', () => onConnect(socket));
    return socket;
  }

  count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
  }

  /** in the order of their names, such as `200 × 31, UNAVAILABLE × 2` */
  responses(): string {
    const sorted = [...this.counts].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([outcome, count]) => `${outcome} × ${count}`).join(', ') || '–';
  }
}
