/**
 * Repeats a poll: after the delay that the last poll asked for, or sooner on request. Polls never
 * overlap.
 */
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private polling: Promise<void> | undefined;
  private pollAgain = false;
  private isOpen = false;

  /** @param poll never fails; resolves with the delay until the next poll, in milliseconds */
  constructor(private readonly poll: () => Promise<number>) {}

  open(): void {
    this.isOpen = true;
    this.schedule(0);
  }

  /** Polls after the delay, unless a poll is due before that. */
  schedule(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (!this.isOpen || dueAt >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => this.begin(), delayMs);
  }

  /** Waits for the poll in progress, after which there is none. */
  async close(): Promise<void> {
    this.isOpen = false;
    clearTimeout(this.timer);
    await this.polling;
  }

  private begin(): void {
    this.dueAt = Infinity;
    if (this.polling) {
      // The poll in progress may have read before the change that this one was requested for.
      this.pollAgain = true;
      return;
    }
    this.polling = this.poll().then((nextMs) => {
      this.polling = undefined;
      this.schedule(this.pollAgain ? 0 : nextMs);
      this.pollAgain = false;
    });
  }
}
