const FIRST_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 300_000;
const CALM_MS = 600_000;

/** How often an edge node is asked for its births: pauses grow while that is needed again and again. */
export class RebirthLimit {
  private last: number | undefined;
  private pauseMs = FIRST_PAUSE_MS;

  /** @returns whether it may be asked now */
  take(now: Date): boolean {
    const since = this.last === undefined ? Infinity : now.getTime() - this.last;
    // The clock may have been set back.
    if (since >= 0 && since < this.pauseMs) return false;
    this.pauseMs = since >= CALM_MS ? FIRST_PAUSE_MS : Math.min(2 * this.pauseMs, MAX_PAUSE_MS);
    this.last = now.getTime();
    return true;
  }
}
