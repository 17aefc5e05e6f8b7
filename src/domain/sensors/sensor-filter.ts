import type { SensorFilter } from '../../storage/sensors/sensor-store.js';
import { InvalidInputError } from '../shared/errors.js';
import { isRecordId } from '../shared/record-id.js';
import { MAX_SENSOR_NAME } from './rules.js';

export const MAX_FILTER_IDS = 10_000;
const MAX_FILTER_GROUPS = 1000;
const MAX_FILTER_TAGS = 100;

/**
 * The filter, without ids that no sensor can have.
 * @throws InvalidInputError
 */
export function validFilter(filter: SensorFilter): SensorFilter {
  const { ids, search, groupIds, tags } = filter;
  if (ids && ids.length > MAX_FILTER_IDS) {
    throw inFilter('ids', `At most ${MAX_FILTER_IDS} ids; got ${ids.length}.`);
  }
  if (groupIds && groupIds.length > MAX_FILTER_GROUPS) {
    throw inFilter('groupIds', `At most ${MAX_FILTER_GROUPS} ids; got ${groupIds.length}.`);
  }
  if (tags && tags.length > MAX_FILTER_TAGS) {
    throw inFilter('tags', `At most ${MAX_FILTER_TAGS} tags; got ${tags.length}.`);
  }
  if (tags?.some((tag) => tag.includes('\0'))) throw inFilter('tags', 'Must not contain NUL.');
  // PostgreSQL cannot even compare with it.
  if (search?.includes('\0')) throw inFilter('search', 'Must not contain NUL.');
  const length = lengthOf(search ?? '');
  if (length > MAX_SENSOR_NAME) {
    throw inFilter('search', `Must be at most ${MAX_SENSOR_NAME} characters long, not ${length}.`);
  }
  return ids ? { ...filter, ids: ids.filter(isRecordId) } : filter;
}

/** Characters (code points), or code units where even half of them would be too many. */
function lengthOf(text: string): number {
  return text.length > 4 * MAX_SENSOR_NAME ? text.length : [...text].length;
}

function inFilter(field: keyof SensorFilter, message: string): InvalidInputError {
  return new InvalidInputError([{ path: ['filter', field], message }]);
}
