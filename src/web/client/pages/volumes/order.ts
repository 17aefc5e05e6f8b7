import { sensorSearch } from '../../../../domain/sensors/list-filter.js';
import type { SensorVolume } from './use-volumes.js';

export const SORTS = ['name', 'volume', 'interpolated', 'measured', 'before', 'change'] as const;
export type SortKey = (typeof SORTS)[number];

export interface Order {
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** What was lost most comes first. */
export const DEFAULT_ORDER: Order = { sort: 'change', descending: false };

export function readOrder(parameters: URLSearchParams): Order {
  const text = parameters.get('sort') ?? '';
  const sort = SORTS.find((key) => key === text.replace(/^-/, ''));
  return sort ? { sort, descending: text.startsWith('-') } : DEFAULT_ORDER;
}

export function writeOrder({ sort, descending }: Order): Record<string, string> {
  const isDefault = sort === DEFAULT_ORDER.sort && descending === DEFAULT_ORDER.descending;
  return isDefault ? {} : { sort: descending ? `-${sort}` : sort };
}

const names = new Intl.Collator(undefined, { numeric: true });

export function sorted(
  sensors: readonly SensorVolume[],
  search: string,
  { sort, descending }: Order,
): SensorVolume[] {
  const direction = descending ? -1 : 1;
  return sensors
    .filter(sensorSearch(search))
    .sort((a, b) => direction * compare(a, b, sort) || names.compare(a.name, b.name));
}

/** In the user’s unit; without readings nothing is known to have flowed. */
export function changeOf({ volume, before }: Pick<SensorVolume, 'volume' | 'before'>): number {
  return volume - before;
}

function compare(a: SensorVolume, b: SensorVolume, sort: SortKey): number {
  if (sort === 'name') return names.compare(a.name, b.name);
  const value = (each: SensorVolume) => (sort === 'change' ? changeOf(each) : (each[sort] ?? 1));
  return value(a) - value(b);
}
