import { LiveFeed, type LiveFeedDeps } from './live-feed.js';
import { PingPublisher } from './ping-publisher.js';

/** What one instance tells the others, and hears from them. */
export class Realtime {
  readonly publisher: PingPublisher;
  readonly feed: LiveFeed;

  constructor(parts: Omit<LiveFeedDeps, 'flush'>) {
    this.publisher = new PingPublisher(parts.notifications, parts.onError);
    this.feed = new LiveFeed({ ...parts, flush: () => this.publisher.flush() });
  }

  /** To be called before pings are recorded: from then on the others notice if this one is killed. */
  start(): Promise<void> {
    return this.feed.start();
  }

  /** To be called when no more pings are recorded. */
  async close(): Promise<void> {
    await this.publisher.close();
    await this.feed.close();
  }
}
