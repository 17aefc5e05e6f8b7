/**
 * Which instances are there, so that one which is gone without having told all is noticed: between its last
 * commit and the message about it, it may have been killed.
 */
export class InstanceTracker {
  private known = new Set<number>();
  private missing = new Set<number>();

  came(id: number): void {
    this.known.add(id);
  }

  left(id: number): void {
    this.known.delete(id);
  }

  /** What is there to begin with. */
  reset(present: ReadonlySet<number>): void {
    this.known = new Set(present);
    this.missing = new Set();
  }

  /**
   * @returns whether one is gone that did not say so. It was missed twice: its last words may have been on their way.
   */
  look(present: ReadonlySet<number>): boolean {
    const gone = [...this.known].filter((id) => !present.has(id));
    const isLost = gone.some((id) => this.missing.has(id));
    if (isLost) {
      this.reset(present);
      return true;
    }
    for (const id of present) this.known.add(id);
    this.missing = new Set(gone);
    return false;
  }
}
