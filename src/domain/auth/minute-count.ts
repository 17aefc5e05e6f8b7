const SLOTS = 60;
export const SLOT_MS = 1000;

/** What was counted in the last 60 seconds. */
export class MinuteCount {
  private readonly slots = new Uint32Array(SLOTS);
  private total = 0;
  private latest = 0;

  /** @returns 0 where it was taken, else the seconds until one is free */
  take(second: number, limit: number, amount: number): number {
    this.advance(second);
    if (this.total >= limit) return this.secondsUntilFree(second);
    this.slots[second % SLOTS]! += amount;
    this.total += amount;
    return 0;
  }

  private advance(second: number): void {
    const passed = Math.min(second - this.latest, SLOTS);
    for (let step = 0; step < passed; step++) {
      const index = (second - step) % SLOTS;
      this.total -= this.slots[index]!;
      this.slots[index] = 0;
    }
    this.latest = second;
  }

  private secondsUntilFree(second: number): number {
    let wait = 1;
    while (this.slots[(second + wait) % SLOTS] === 0) wait++;
    return wait;
  }
}
