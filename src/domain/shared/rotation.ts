/** What waits, by whom it is for: they take turns, and what one of them waits for stays in its order. */
export class Rotation<Key, Item> {
  /** the next to be served first */
  private readonly waiting = new Map<Key, Item[]>();

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  add(key: Key, item: Item): void {
    const ofKey = this.waiting.get(key);
    if (ofKey) ofKey.push(item);
    else this.waiting.set(key, [item]);
  }

  /** Takes the next one out. Undefined where nothing waits. */
  next(): Item | undefined {
    const [first] = this.waiting;
    if (!first) return undefined;
    const [key, ofKey] = first;
    const item = ofKey.shift();
    this.waiting.delete(key);
    if (ofKey.length > 0) this.waiting.set(key, ofKey);
    return item;
  }
}
