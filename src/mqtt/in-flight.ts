/** Messages that are recorded at the same time, so that they share transactions. */
export class InFlight {
  private readonly latest = new Map<string, Promise<unknown>>();

  /**
   * Begins the work once all earlier work with one of the keys has ended.
   * @param keys of what must be done in order
   * @param work it never rejects
   */
  run<T>(keys: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
    const earlier = [...keys].flatMap((key) => this.latest.get(key) ?? []);
    const result = Promise.all(earlier).then(work);
    for (const key of keys) this.latest.set(key, result);
    void result.then(() => {
      for (const key of keys) if (this.latest.get(key) === result) this.latest.delete(key);
    });
    return result;
  }

  /** Resolves when all has ended that was begun. */
  async end(): Promise<void> {
    await Promise.all(this.latest.values());
  }
}
