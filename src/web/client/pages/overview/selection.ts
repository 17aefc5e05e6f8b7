import { isTagged, sensorSearch } from '../../../../domain/sensors/list-filter.js';
import { BY_URGENCY, stateOf, type SensorState } from '../../sensor-state.js';
import type { OverviewSensor as Sensor } from './overview-sensor.js';

export type Filter = 'all' | 'outage' | SensorState;

export const SORTS = ['name', 'state', 'reading', 'age', 'volume', 'coverage'] as const;
export type SortKey = (typeof SORTS)[number];

export interface Selection {
  readonly search: string;
  readonly filter: Filter;
  /** the id of a group of sensors; undefined: all sensors */
  readonly group: string | undefined;
  /** undefined: with any tags or none */
  readonly tag: string | undefined;
  readonly sort: SortKey;
  readonly descending: boolean;
}

const FILTERS: readonly { readonly filter: Filter; readonly name: string }[] = [
  { filter: 'all', name: 'All' },
  { filter: 'stale', name: 'Stale' },
  { filter: 'outage', name: 'Outage in 24 h' },
  { filter: 'reverse', name: 'Reverse' },
  { filter: 'idle', name: 'No flow' },
  { filter: 'empty', name: 'No data' },
];

/** How many sensors match each filter. */
export function filterCounts(sensors: readonly Sensor[]) {
  return FILTERS.map(({ filter, name }) => ({
    filter,
    name,
    count: sensors.filter((sensor) => matches(sensor, filter)).length,
  }));
}

export function isFilter(text: string | null): text is Filter {
  return FILTERS.some(({ filter }) => filter === text);
}

export function isSortKey(text: string): text is SortKey {
  return SORTS.some((key) => key === text);
}

/** The sensors that the group and the tag leave. */
export function ofGroupAndTag(
  sensors: readonly Sensor[],
  { group, tag }: Pick<Selection, 'group' | 'tag'>,
  /** of the group, until they are known none */
  members: ReadonlySet<string> | undefined,
): readonly Sensor[] {
  if (!group && tag === undefined) return sensors;
  return sensors.filter((sensor) => (!group || members?.has(sensor.id)) && isTagged(sensor, tag));
}

export function select(
  sensors: readonly Sensor[],
  selection: Omit<Selection, 'group' | 'tag'>,
): Sensor[] {
  const isFound = sensorSearch(selection.search);
  const direction = selection.descending ? -1 : 1;
  return sensors
    .filter((sensor) => matches(sensor, selection.filter) && isFound(sensor))
    .sort((a, b) => direction * compare(a, b, selection.sort) || compare(a, b, 'name'));
}

function matches(sensor: Sensor, filter: Filter): boolean {
  if (filter === 'all') return true;
  return filter === 'outage' ? sensor.outages.length > 0 : stateOf(sensor) === filter;
}

const names = new Intl.Collator(undefined, { numeric: true });

function compare(a: Sensor, b: Sensor, key: SortKey): number {
  if (key === 'name') return names.compare(a.name, b.name) || Number(a.id) - Number(b.id);
  const [left, right] = [rank(a, key), rank(b, key)];
  return left === right ? 0 : left - right;
}

function rank(sensor: Sensor, key: Exclude<SortKey, 'name'>): number {
  switch (key) {
    case 'state':
      return BY_URGENCY.indexOf(stateOf(sensor));
    case 'reading':
      return sensor.lastPing?.flowrate ?? -Infinity;
    case 'age':
      return sensor.lastPing ? -Date.parse(sensor.lastPing.datetime) : Infinity;
    case 'volume':
      return sensor.flowVolume.volume;
    case 'coverage':
      return sensor.measured.share ?? 1;
  }
}
