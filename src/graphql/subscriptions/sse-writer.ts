import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { taken } from '../../http/taken.js';

const DROP_TIMEOUT_MS = 1000;
const KEEP_ALIVE_MS = 12_000;
// A client that takes nothing for longer than this, though keep-alives are sent, is gone.
const WRITE_TIMEOUT_MS = 30_000;

/** Writes server-sent events as fast as their client takes them. */
export class SseWriter {
  private readonly keepAlive: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'content-encoding': 'none',
      'x-accel-buffering': 'no',
    });
    // Proxies and clients see the head with the first bytes of the body.
    response.write(':\n\n');
    this.keepAlive = setInterval(() => {
      if (!response.writableNeedDrain) response.write(':\n\n');
    }, KEEP_ALIVE_MS).unref();
  }

  /** Waits until the client has taken most of what was written. */
  async write(events: string | Buffer): Promise<void> {
    const { response } = this;
    if (response.closed || response.write(events)) return;
    const timer = setTimeout(() => response.destroy(), WRITE_TIMEOUT_MS).unref();
    await taken(response, 'drain');
    clearTimeout(timer);
  }

  /** Ends the stream, as the protocol has it. */
  async complete(): Promise<void> {
    clearInterval(this.keepAlive);
    const { response } = this;
    if (response.closed) return;
    response.end('event: complete\ndata:\n\n');
    await once(response, 'close');
  }

  /** Disconnects the client, after a moment in which it can read why. */
  static drop(response: ServerResponse): void {
    setTimeout(() => {
      if (!response.closed) response.destroy();
    }, DROP_TIMEOUT_MS).unref();
  }
}
