/** Items in a row of one owner, such as a sensor, in their order. */
export interface Window<Item> {
  readonly items: readonly Item[];
  /** whether there are more beyond the end that the window was taken to */
  readonly more: boolean;
}

/**
 * A window for each owner.
 * @param rows for each owner up to one more than `take`, so that it is known whether there are more,
 * from the end that they were taken from
 */
export function windowsOf<Row, Item>(
  ownerIds: readonly number[],
  rows: readonly Row[],
  { take, from }: { readonly take: number; readonly from: 'first' | 'last' },
  ownerOf: (row: Row) => number,
  itemOf: (row: Row) => Item,
): Map<number, Window<Item>> {
  const windows = new Map(ownerIds.map((id) => [id, { items: [] as Item[], more: false }]));
  for (const row of rows) {
    const found = windows.get(ownerOf(row));
    if (!found) continue;
    if (found.items.length < take) found.items.push(itemOf(row));
    else found.more = true;
  }
  if (from === 'last') for (const { items } of windows.values()) items.reverse();
  return windows;
}
