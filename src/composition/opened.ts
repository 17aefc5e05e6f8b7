import type { Log } from '../http/log.js';

/** What a server has opened so far. */
export class Opened {
  private readonly closes: (() => Promise<void>)[] = [];

  /** @param close called after those of what is opened later */
  push(close: () => Promise<void>): void {
    this.closes.push(close);
  }

  async close(): Promise<void> {
    for (let close = this.closes.pop(); close; close = this.closes.pop()) await close();
  }

  /** Closes everything; further calls wait for the same end. */
  closeOnce(log: Log): () => Promise<void> {
    let closed: Promise<void> | undefined;
    const close = async () => {
      log.info('the server is stopping');
      await this.close();
      log.info('the server has stopped');
    };
    return () => (closed ??= close());
  }
}
