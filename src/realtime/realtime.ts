import { LiveFeed, type LiveFeedDeps } from './live-feed.js';
import { PingPublisher } from './ping-publisher.js';

/** The messages that one instance publishes to the others, and receives from them. */
export class Realtime {
  readonly publisher: PingPublisher;
  readonly feed: LiveFeed;

  constructor(deps: Omit<LiveFeedDeps, 'flush'>) {
    this.publisher = new PingPublisher(deps.notifications, deps.onError);
    this.feed = new LiveFeed({ ...deps, flush: () => this.publisher.flush() });
  }

  /**
   * To be called before pings are recorded: from then on the others notice if this instance is
   * killed.
   */
  start(): Promise<void> {
    return this.feed.start();
  }

  /** To be called once no more pings are recorded. */
  async close(): Promise<void> {
    await this.publisher.close();
    await this.feed.close();
  }
}
