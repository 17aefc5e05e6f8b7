import { Pool, type buildConnector, type Dispatcher } from 'undici';
import type { AttemptOutcome } from '../domain/webhooks/delivery-queue.js';
import { parseRetryAfter } from '../domain/webhooks/retry.js';

export const ATTEMPT_MS = 15_000;
const READ_BYTES = 64 * 1024;
const KEPT_BYTES = 1024;

/** What a receiver made of a POST. */
export type EndpointResponse = Pick<
  AttemptOutcome,
  'status' | 'error' | 'response' | 'timedOut' | 'retryAfterMs'
>;

/** One endpoint's server: connections that are kept alive, redirects not followed. */
export class EndpointClient {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    url: string,
    connect: buildConnector.connector,
    connections: number,
    private readonly attemptMs = ATTEMPT_MS,
  ) {
    const { origin, pathname, search } = new URL(url);
    this.path = pathname + search;
    // The attempt's own timer ends it.
    this.pool = new Pool(origin, { connect, connections, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Answers in any case, within the time that an attempt may take. */
  post(headers: Record<string, string>, body: string): Promise<EndpointResponse> {
    return new Promise((resolve) => {
      const exchange = new Exchange(resolve, this.attemptMs);
      this.pool.dispatch({ path: this.path, method: 'POST', headers, body }, exchange);
    });
  }

  /** Once what is under way has ended. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Cuts what is under way. */
  async destroy(): Promise<void> {
    await this.pool.destroy();
  }
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private status: number | undefined;
  private retryAfterMs: number | undefined;
  private readonly kept: Buffer[] = [];
  private read = 0;

  constructor(
    private readonly resolve: (answer: EndpointResponse) => void,
    attemptMs: number,
  ) {
    this.timer = setTimeout(() => {
      this.settle({ timedOut: true, error: `no answer within ${attemptMs / 1000} s` });
      this.controller?.abort(new Error('timeout'));
    }, attemptMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The connection came too late.
    if (this.settled) controller.abort(new Error('timeout'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    const asked = headers['retry-after'];
    if (typeof asked === 'string') this.retryAfterMs = parseRetryAfter(asked, new Date());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.read < KEPT_BYTES) this.kept.push(chunk.subarray(0, KEPT_BYTES - this.read));
    this.read += chunk.length;
    if (this.read < READ_BYTES) return;
    this.settle({});
    controller.abort(new Error('enough'));
  }

  onResponseEnd(): void {
    this.settle({});
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle({ error: describe(error) });
  }

  /** Once the status has come it counts, whatever happens to the body. */
  private settle(failure: Pick<EndpointResponse, 'error' | 'timedOut'>): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    const { status, retryAfterMs } = this;
    const response = this.kept.length > 0 ? clean(Buffer.concat(this.kept).toString()) : undefined;
    if (status === undefined) this.resolve(failure);
    else this.resolve({ status, response, retryAfterMs, error: errorText(status) });
  }
}

function errorText(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const note = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return `HTTP ${status}${note}`;
}

function describe(error: Error): string {
  const { message, code } = error as NodeJS.ErrnoException;
  const first =
    error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined;
  return clean(first?.message || message || code || error.name);
}

/** PostgreSQL keeps no NUL. */
function clean(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
