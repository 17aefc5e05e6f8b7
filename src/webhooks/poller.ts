/** Does something again and again: when it said that it would, sooner where asked, never twice at once. */
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private endsAt = Infinity;
  private looking: Promise<void> | undefined;
  private toLookAgain = false;
  private isOpen = false;

  /** @param look never fails; says in how many milliseconds to look again */
  constructor(private readonly look: () => Promise<number>) {}

  open(): void {
    this.isOpen = true;
    this.soon(0);
  }

  /** Looks in so many milliseconds, if not before. */
  soon(inMs: number): void {
    const endsAt = performance.now() + inMs;
    if (!this.isOpen || endsAt >= this.endsAt) return;
    clearTimeout(this.timer);
    this.endsAt = endsAt;
    this.timer = setTimeout(() => this.begin(), inMs);
  }

  /** Waits for the look that is under way; there is no other. */
  async close(): Promise<void> {
    this.isOpen = false;
    clearTimeout(this.timer);
    await this.looking;
  }

  private begin(): void {
    this.endsAt = Infinity;
    if (this.looking) {
      // It may have looked already where there is something new.
      this.toLookAgain = true;
      return;
    }
    this.looking = this.look().then((nextInMs) => {
      this.looking = undefined;
      this.soon(this.toLookAgain ? 0 : nextInMs);
      this.toLookAgain = false;
    });
  }
}
