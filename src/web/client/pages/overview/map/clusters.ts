import type { Place, Point } from './projection.js';

/** Marks that would overlap, as one; or a mark by itself. */
export interface Cluster<Item> extends Point {
  readonly items: readonly Item[];
}

const DISTANCE_PX = 22;
const RING_GAP_PX = 16;
/** Places nearer than this, in degrees, stay together at any zoom that is of use. */
const SAME_PLACE_DEGREES = 1e-4;

/** Puts each mark into the first cluster that it would overlap; clusters keep the order of the items. */
export function clustersOf<Item>(
  items: readonly Item[],
  pointOf: (item: Item) => Point,
): Cluster<Item>[] {
  const clusters: { x: number; y: number; items: Item[] }[] = [];
  const cells = new Map<string, typeof clusters>();
  for (const item of items) {
    const { x, y } = pointOf(item);
    const found = near(cells, x, y).find(
      (each) => Math.hypot(each.x - x, each.y - y) < DISTANCE_PX,
    );
    if (found) {
      found.items.push(item);
      continue;
    }
    const made = { x, y, items: [item] };
    clusters.push(made);
    const key = keyOf(cellOf(x), cellOf(y));
    cells.set(key, [...(cells.get(key) ?? []), made]);
  }
  return clusters;
}

/** Whether zooming in cannot part them. */
export function areAtOnePlace(places: readonly Place[]): boolean {
  const [first] = places;
  return places.every(
    ({ latitude, longitude }) =>
      Math.abs(latitude - first!.latitude) < SAME_PLACE_DEGREES &&
      Math.abs(longitude - first!.longitude) < SAME_PLACE_DEGREES,
  );
}

/** The items of a cluster on a ring around it, each by itself. */
export function ringOf<Item>({ x, y, items }: Cluster<Item>): Cluster<Item>[] {
  const radius = Math.max((items.length * RING_GAP_PX) / (2 * Math.PI), RING_GAP_PX);
  return items.map((item, index) => {
    const angle = (2 * Math.PI * index) / items.length;
    return { x: x + radius * Math.sin(angle), y: y - radius * Math.cos(angle), items: [item] };
  });
}

function near<Found>(cells: ReadonlyMap<string, Found[]>, x: number, y: number): Found[] {
  const [column, row] = [cellOf(x), cellOf(y)];
  const around = [-1, 0, 1];
  return around.flatMap((right) =>
    around.flatMap((down) => cells.get(keyOf(column + right, row + down)) ?? []),
  );
}

function cellOf(pixel: number): number {
  return Math.floor(pixel / DISTANCE_PX);
}

function keyOf(column: number, row: number): string {
  return `${column} ${row}`;
}
