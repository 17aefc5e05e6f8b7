/** What waits, by whom it is for: they take turns, and what one of them waits for stays in its order. */
export class Rotation<Key, Item> {
  /** the next to be served first */
  private readonly waiting = new Map<Key, Item[]>();

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  has(key: Key): boolean {
    return this.waiting.has(key);
  }

  add(key: Key, item: Item): void {
    const ofKey = this.waiting.get(key);
    if (ofKey) ofKey.push(item);
    else this.waiting.set(key, [item]);
  }

  /**
   * Takes the next one out.
   * @param isDue whether what waits under a key may be served; all may unless given
   * @returns undefined where nothing waits that may be served
   */
  next(isDue: (key: Key) => boolean = () => true): Item | undefined {
    for (const [key, ofKey] of this.waiting) {
      if (!isDue(key)) continue;
      const item = ofKey.shift();
      this.waiting.delete(key);
      if (ofKey.length > 0) this.waiting.set(key, ofKey);
      return item;
    }
    return undefined;
  }
}
