import type { ServerResponse } from 'node:http';
import type { RestResponse } from './response.js';
import { NDJSON_TYPE } from './media-type.js';

const INTERVAL_MS = 200;

/**
 * For clients that accept NDJSON: while a request takes long, a line `{"rows":…}` now and then, and
 * at the end one `{"status":…,"body":…}` with what the response would have been.
 */
export class ProgressLines {
  private wroteAt = performance.now();

  constructor(private readonly response: ServerResponse) {}

  readonly report = (rows: number): void => {
    const now = performance.now();
    if (now - this.wroteAt < INTERVAL_MS) return;
    this.wroteAt = now;
    if (!this.response.headersSent) this.begin();
    this.response.write(`{"rows":${rows}}\n`);
  };

  /** @returns false where nothing was reported, so that the response is an ordinary one */
  end({ status, body }: RestResponse): boolean {
    if (!this.response.headersSent) return false;
    this.response.end(`{"status":${status},"body":${body}}\n`);
    return true;
  }

  private begin(): void {
    this.response.writeHead(200, {
      'Content-Type': NDJSON_TYPE,
      // Compressed, lines would wait for each other.
      'Cache-Control': 'no-store, no-transform',
      'X-Content-Type-Options': 'nosniff',
    });
  }
}
