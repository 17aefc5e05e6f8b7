import { LockTimeoutError } from '../../storage/postgres/pg-errors.js';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';

// Each takes a connection, perhaps for long.
const MAX_RUNNING = 4;
const MAX_WAITING = 1000;

/**
 * Runs transactions that need a sensor to themselves. Another transaction may lock the sensor for
 * long, as an import does until it commits: one that has waited in vain releases its place and is
 * tried again after those that wait for other sensors.
 */
export class ExclusiveSensorQueue {
  private readonly queue = new ConcurrencyLimiter(MAX_RUNNING, MAX_WAITING);

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
