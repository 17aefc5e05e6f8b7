import { setImmediate } from 'node:timers/promises';

/** Items that are processed at once: a few milliseconds of work. */
export const PART = 4000;

/**
 * Processes a list a part at a time, between which the event loop serves others. A list that is not
 * longer than one part is processed at once.
 *
 * @param process is given a part and the index of its first item
 * @param size of a part, in items
 */
export async function inParts<T>(
  items: readonly T[],
  process: (part: readonly T[], first: number) => void,
  size = PART,
): Promise<void> {
  if (items.length <= size) {
    process(items, 0);
    return;
  }
  for (let first = 0; first < items.length; first += size) {
    if (first > 0) await setImmediate();
    process(items.slice(first, first + size), first);
  }
}
