/**
 * Tracks which instances are alive, to notice one that vanished: it may have been killed between
 * its last commit and the message about it.
 */
export class InstanceTracker {
  private known = new Set<number>();
  private missing = new Set<number>();

  get count(): number {
    return this.known.size;
  }

  came(id: number): void {
    this.known.add(id);
  }

  left(id: number): void {
    this.known.delete(id);
  }

  /** Begins again with the instances that are alive now. */
  reset(present: ReadonlySet<number>): void {
    this.known = new Set(present);
    this.missing = new Set();
  }

  /**
   * @returns whether an instance vanished without saying goodbye. It must be missed twice, for its
   *   last messages may have been on their way.
   */
  check(present: ReadonlySet<number>): boolean {
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
