import { LockTimeoutError } from '../../storage/postgres/pg-errors.js';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';

// Of the connections, so many may do or wait for what takes long.
const AT_ONCE = 4;
const MAX_WAITING = 1000;

/**
 * Transactions that need a sensor for themselves, which something else may hold for long, as an import does until it
 * is committed. One that waits in vain gives its place up, and comes again after those that wait for other sensors.
 */
export class ExclusiveSensorQueue {
  private readonly queue = new ConcurrencyLimiter(AT_ONCE, MAX_WAITING);

  /** @throws UnavailableError where too many wait */
  async run<T>(transaction: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.queue.run(transaction);
      } catch (error) {
        if (!(error instanceof LockTimeoutError)) throw error;
      }
    }
  }
}
