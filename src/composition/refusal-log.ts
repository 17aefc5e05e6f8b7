import type { Log } from '../http/log.js';
import type { Metrics, MessageVia } from '../metrics/metrics.js';

const QUIET_MS = 60_000;

/**
 * Logs what devices, brokers and other servers sent and was refused. They send the same again and
 * again: of each source one line a minute, which says how many there were.
 */
export class RefusalLog {
  private readonly counts = new Map<string, { suppressed: number; last: string }>();

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics | undefined,
    private readonly quietMs = QUIET_MS,
  ) {}

  /** Reports, and counts, what came in one way. */
  via(via: MessageVia): (source: string, reason: string) => void {
    return (source, reason) => {
      this.metrics?.refused(via);
      this.report(source, reason);
    };
  }

  private report(source: string, reason: string): void {
    const known = this.counts.get(source);
    if (known) {
      known.suppressed++;
      known.last = reason;
      return;
    }
    this.log.warn({ source, reason }, 'a message was refused');
    this.counts.set(source, { suppressed: 0, last: reason });
    setTimeout(() => this.summarise(source), this.quietMs).unref();
  }

  private summarise(source: string): void {
    const { suppressed = 0, last: reason } = this.counts.get(source) ?? {};
    this.counts.delete(source);
    if (suppressed > 0) {
      this.log.warn({ source, reason, count: suppressed }, 'more messages were refused');
    }
  }
}
