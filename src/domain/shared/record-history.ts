import type { RecordHistoryStore } from '../../storage/pings/record-history-store.js';
import type { Clock } from './clock.js';
import { HOUR_MS } from './durations.js';
import { InvalidInputError } from './errors.js';
import type { Principal } from './principal.js';
import { formatInstant } from './time.js';

/** No transaction writes a sensor's pings for longer. */
const MAX_WRITER_MS = 6 * HOUR_MS;

/** From when to when it is known what was stored at an instant. */
export class RecordHistory {
  private start: Promise<Date | undefined> | undefined;

  constructor(
    private readonly store: RecordHistoryStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Since when pings are stored with the instant at which they were recorded: those from before
   * have this one. Undefined where all have been.
   */
  async recordedSince(): Promise<Date | undefined> {
    // It changes only with an upgrade of the tables, before the server starts.
    this.start ??= this.store.recordedSince();
    try {
      return await this.start;
    } catch (error) {
      this.start = undefined;
      throw error;
    }
  }

  /**
   * Asserts that it is known what of sensors was stored at an instant, and from then on does not
   * change: waits for writers of the sensors that began before it.
   * @throws InvalidInputError where that is in the future, or before the history begins
   */
  async requireKnown(
    principal: Principal,
    sensorIds: readonly number[],
    asOf: Date | undefined,
  ): Promise<void> {
    if (!asOf) return;
    const now = this.clock();
    if (asOf > now) {
      throw InvalidInputError.of(
        'asOf',
        `Must not be in the future: the server’s clock shows ${formatInstant(now)}; got ${formatInstant(asOf)}.`,
      );
    }
    const since = await this.recordedSince();
    if (since && asOf < since) {
      throw InvalidInputError.of(
        'asOf',
        `Must not be before ${formatInstant(since)}, since when the server keeps the instant at which readings are recorded; got ${formatInstant(asOf)}.`,
      );
    }
    if (now.getTime() - asOf.getTime() < MAX_WRITER_MS) {
      await this.store.awaitWriters(principal, sensorIds);
    }
  }
}
