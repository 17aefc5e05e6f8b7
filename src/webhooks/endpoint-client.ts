import { Pool, type buildConnector, type Dispatcher } from 'undici';
import type { AttemptOutcome } from '../domain/webhooks/delivery-queue.js';
import { parseRetryAfter } from '../domain/webhooks/retry.js';
import { connectionError } from './connection-error.js';

export const ATTEMPT_TIMEOUT_MS = 15_000;
const MAX_READ_BYTES = 64 * 1024;
const MAX_LOGGED_BYTES = 1024;

/** An endpoint's response to a POST, or the error that came instead. */
export type EndpointResponse = Pick<
  AttemptOutcome,
  'status' | 'error' | 'response' | 'timedOut' | 'retryAfterMs'
>;

/** HTTP client of one endpoint: connections are kept alive, redirects are not followed. */
export class EndpointClient {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    url: string,
    connect: buildConnector.connector,
    connections: number,
    private readonly attemptTimeoutMs = ATTEMPT_TIMEOUT_MS,
  ) {
    const { origin, pathname, search } = new URL(url);
    this.path = pathname + search;
    // The attempt's own timer ends it.
    this.pool = new Pool(origin, { connect, connections, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Never rejects, and resolves within the attempt's timeout. */
  post(headers: Record<string, string>, body: string): Promise<EndpointResponse> {
    return new Promise((resolve) => {
      const handler = new ResponseHandler(resolve, this.attemptTimeoutMs);
      this.pool.dispatch({ path: this.path, method: 'POST', headers, body }, handler);
    });
  }

  /** Resolves once the requests in flight have ended. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Aborts the requests in flight. */
  async destroy(): Promise<void> {
    await this.pool.destroy();
  }
}

class ResponseHandler implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private status: number | undefined;
  private retryAfterMs: number | undefined;
  private readonly logged: Buffer[] = [];
  private readBytes = 0;

  constructor(
    private readonly resolve: (response: EndpointResponse) => void,
    attemptTimeoutMs: number,
  ) {
    this.timer = setTimeout(() => {
      this.settle({
        timedOut: true,
        error: `There was no response within ${attemptTimeoutMs / 1000} s.`,
      });
      this.controller?.abort(new Error('timeout'));
    }, attemptTimeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The connection was made too late.
    if (this.settled) controller.abort(new Error('timeout'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    const retryAfter = headers['retry-after'];
    if (typeof retryAfter === 'string') {
      this.retryAfterMs = parseRetryAfter(retryAfter, new Date());
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.readBytes < MAX_LOGGED_BYTES) {
      this.logged.push(chunk.subarray(0, MAX_LOGGED_BYTES - this.readBytes));
    }
    this.readBytes += chunk.length;
    if (this.readBytes < MAX_READ_BYTES) return;
    this.settle({});
    controller.abort(new Error('enough'));
  }

  onResponseEnd(): void {
    this.settle({});
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle({ error: withoutNul(connectionError(error)) });
  }

  /** Once the status has arrived it counts, even if the body fails. */
  private settle(failure: Pick<EndpointResponse, 'error' | 'timedOut'>): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    const { status, retryAfterMs } = this;
    const response =
      this.logged.length > 0 ? withoutNul(Buffer.concat(this.logged).toString()) : undefined;
    if (status === undefined) this.resolve(failure);
    else this.resolve({ status, response, retryAfterMs, error: statusError(status) });
  }
}

function statusError(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const note = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return `HTTP ${status}${note}`;
}

/** PostgreSQL stores no NUL. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
