import {
  editErrors,
  entryUnitErrors,
  retirementErrors,
  sensorErrors,
  type EditOptions,
  type UpdateSensorInput,
} from '../sensors/rules.js';
import { tagKey } from '../sensors/list-filter.js';
import { tagErrors } from '../sensors/tags.js';
import type { FieldError } from '../shared/errors.js';

export const MAX_EDITED_SENSORS = 1000;
const MAX_EDITED_GROUPS = 20;

/** What is changed of several sensors. Of settings, what is absent stays and null clears. */
export interface BulkEditInput extends Pick<
  UpdateSensorInput,
  'maxGap' | 'method' | 'entryUnit' | 'calendar'
> {
  readonly addTags?: readonly string[] | undefined;
  /** in upper or lower case */
  readonly removeTags?: readonly string[] | undefined;
  /** ids of groups */
  readonly addToGroups?: readonly number[] | undefined;
  readonly removeFromGroups?: readonly number[] | undefined;
  /** `at` null: now */
  readonly retire?: { readonly at: Date | null } | undefined;
}

/** Every field that breaks its rule, whatever the sensors are. */
export function inputErrors(
  ids: readonly number[],
  input: BulkEditInput,
  edit: EditOptions,
  now: Date,
): FieldError[] {
  const { addTags = [], removeTags = [], addToGroups = [], removeFromGroups = [] } = input;
  const { maxGap, method, entryUnit, calendar, retire } = input;
  const groups = { addToGroups, removeFromGroups };
  const dated = [maxGap, method, calendar];
  const isEmpty =
    [...dated, entryUnit, retire].every((value) => value === undefined) &&
    [addTags, removeTags, addToGroups, removeFromGroups].every(({ length }) => length === 0);
  const isUndated = edit.effectiveFrom && dated.every((value) => value === undefined);
  return [
    ...idErrors(ids),
    ...sensorErrors({ maxGap }),
    ...tagErrors(addTags, 'addTags'),
    ...tagErrors(removeTags, 'removeTags'),
    ...bothErrors('removeTags', removeTags.map(tagKey), addTags.map(tagKey)),
    ...Object.entries(groups).flatMap(([field, of]) => groupErrors(field, of)),
    ...bothErrors('removeFromGroups', removeFromGroups, addToGroups),
    ...editErrors(edit, now),
    ...entryUnitErrors(input, edit),
    ...(isUndated ? [undated] : []),
    ...(retire?.at ? retirementErrors({ at: retire.at }, now, 'retire') : []),
    ...(isEmpty ? [nothing] : []),
  ];
}

const undated: FieldError = {
  path: ['effectiveFrom'],
  message:
    'Must not be given without maxGap, method or calendar: nothing else applies from a date.',
};
const nothing: FieldError = { path: ['input'], message: 'Must change something.' };

function idErrors(ids: readonly number[]): FieldError[] {
  if (ids.length === 0 || ids.length > MAX_EDITED_SENSORS) {
    const message = `Must be 1 to ${MAX_EDITED_SENSORS} ids; got ${ids.length}.`;
    return [{ path: ['ids'], message }];
  }
  return repetitions('ids', ids, 'flow sensor');
}

function groupErrors(field: string, ids: readonly number[]): FieldError[] {
  if (ids.length > MAX_EDITED_GROUPS) {
    const message = `Must be at most ${MAX_EDITED_GROUPS} ids; got ${ids.length}.`;
    return [{ path: [field], message }];
  }
  return repetitions(field, ids, 'sensor group');
}

function repetitions(field: string, ids: readonly number[], what: string): FieldError[] {
  const seen = new Set<number>();
  return ids.flatMap((id, index): FieldError[] => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ path: [field, index], message: `Must not repeat ${what} ${id}.` }];
  });
}

/** What is to be removed must not be what is to be added. */
function bothErrors<T>(field: string, removed: readonly T[], added: readonly T[]): FieldError[] {
  return removed.flatMap((each, index): FieldError[] => {
    if (!added.includes(each)) return [];
    return [{ path: [field, index], message: `Must not be added too; got ${String(each)}.` }];
  });
}
