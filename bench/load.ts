import { Pool, type Dispatcher } from 'undici';
import { TOKEN } from './data.js';

export interface BenchRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** Makes the n-th request of a run; equal numbers make equal requests. */
export type RequestMaker = (n: number) => BenchRequest;

export interface Measured {
  /** responses a second */
  readonly throughput: number;
  /** milliseconds */
  readonly p50: number;
  readonly requests: number;
}

/**
 * Repeats `work`, `concurrency` at a time, until the time is over.
 * @param work is called with a number that counts up
 */
export async function measure(
  work: (n: number) => Promise<unknown>,
  concurrency: number,
  milliseconds: number,
  firstNumber = 0,
): Promise<Measured> {
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + milliseconds;
  let next = firstNumber;
  const worker = async () => {
    do {
      const startedAt = performance.now();
      await work(next++);
      latencies.push(performance.now() - startedAt);
    } while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - began) / 1000;
  return {
    throughput: latencies.length / seconds,
    p50: median(latencies),
    requests: latencies.length,
  };
}

/** Sends requests to one server over persistent connections. */
export class LoadGenerator {
  private readonly pool: Pool;
  private sent = 0;

  constructor(url: string, connections = 16) {
    this.pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Continues the numbers of the previous run. */
  async run(make: RequestMaker, concurrency: number, milliseconds: number): Promise<Measured> {
    const work = (n: number) => this.send(make(n));
    const measured = await measure(work, concurrency, milliseconds, this.sent);
    this.sent += measured.requests;
    return measured;
  }

  /** @throws where the response's status is not a success */
  async text(request: BenchRequest): Promise<string> {
    const { statusCode, body } = await this.pool.request(optionsOf(request));
    const text = await body.text();
    if (statusCode >= 300) throw new Error(`${request.path}: ${statusCode} ${text.slice(0, 300)}`);
    return text;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  /**
   * Uses undici's lowest level: reading responses as streams would cost more than producing some of
   * them.
   */
  send(request: BenchRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      let status = 0;
      this.pool.dispatch(optionsOf(request), {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: () => undefined,
        onResponseEnd: () => {
          if (status < 300) resolve();
          else reject(new Error(`${request.path} was answered with status ${status}.`));
        },
        onResponseError: (_controller, error) => reject(error),
      });
    });
  }
}

function optionsOf({ method, path, body, contentType }: BenchRequest): Dispatcher.RequestOptions {
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path,
    headers: {
      authorization: `Token ${TOKEN}`,
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
    },
    ...(body !== undefined && { body }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which a share of the values lies; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN;
}
