import type { MembershipEdit } from '../../storage/groups/edit-members.js';
import type { GroupMember } from '../../storage/groups/group-records.js';
import type { SensorEdit } from '../../storage/sensors/edit-sensors.js';
import { givenSettings } from '../sensors/given-settings.js';
import { notBefore, type EditOptions } from '../sensors/rules.js';
import type { SensorRecord } from '../sensors/sensors.js';
import { editedTags, MAX_TAGS } from '../sensors/tags.js';
import { auditEntry } from '../shared/audit.js';
import { InvalidInputError } from '../shared/errors.js';
import { actorName, type Principal } from '../shared/principal.js';
import type { BulkEditInput } from './bulk-edit-rules.js';
import { MAX_MEMBERS, memberText } from './sensor-groups.js';

/**
 * The changes of one sensor. Only settings of its measurement apply from the effective date.
 * @throws InvalidInputError where it would have too many tags
 */
export function editsOf(
  principal: Principal,
  sensor: SensorRecord,
  input: BulkEditInput,
  {
    effectiveFrom,
    reason = null,
    now,
  }: Omit<EditOptions, 'reason'> & {
    readonly reason?: string | null | undefined;
    readonly now: Date;
  },
): SensorEdit[] {
  const { maxGap, method, entryUnit, calendar, addTags = [], removeTags = [], retire } = input;
  const by = actorName(principal);
  const edit = (type: 'SENSOR_CHANGED' | 'SENSOR_RETIRED', from: Date | undefined) => ({
    ...{ by, reason, now, effectiveFrom: from },
    audit: (parameters: readonly string[]) =>
      auditEntry(...([principal, type, { type: 'SENSOR', id: sensor.id }] as const), {
        parameters: [...parameters],
        reason,
      }),
  });
  const edits: SensorEdit[] = [];
  const settings = givenSettings({ maxGap, method, entryUnit, calendar });
  if (Object.keys(settings).length > 0) {
    edits.push({ change: settings, edit: edit('SENSOR_CHANGED', effectiveFrom) });
  }
  const tags = editedTags(sensor.tags, addTags, removeTags);
  if (tags.length > MAX_TAGS) {
    throw InvalidInputError.of('tags', `Must have at most ${MAX_TAGS} tags; got ${tags.length}.`);
  }
  if (tags.join() !== sensor.tags.join()) {
    edits.push({ change: { tags }, edit: edit('SENSOR_CHANGED', undefined) });
  }
  if (retire) {
    const retiredAt = retire.at ?? now;
    edits.push({
      change: { retiredAt },
      edit: edit('SENSOR_RETIRED', retiredAt),
      rules: { lastPing: notBefore(retiredAt) },
    });
  }
  return edits;
}

/** The changes of groups, by group, as every change of several groups locks them. */
export function membershipsOf(
  principal: Principal,
  ids: readonly number[],
  { addToGroups = [], removeFromGroups = [] }: BulkEditInput,
): MembershipEdit[] {
  const membership = (groupId: number, next: MembershipEdit['next']): MembershipEdit => ({
    groupId,
    next,
    audit: ({ name }, members) =>
      auditEntry(
        ...([principal, 'SENSOR_GROUP_MEMBERS_SET'] as const),
        ...([{ type: 'SENSOR_GROUP', id: groupId, name }] as const),
        { members: members.map(memberText) },
      ),
  });
  const chosen = new Set(ids);
  return [
    ...addToGroups.map((id, index) => membership(id, (members) => withAdded(members, ids, index))),
    ...removeFromGroups.map((id) =>
      membership(id, (members) => members.filter(({ sensorId }) => !chosen.has(sensorId))),
    ),
  ].sort((a, b) => a.groupId - b.groupId);
}

/** Those that are members already keep the direction in which they count. */
function withAdded(
  members: readonly GroupMember[],
  ids: readonly number[],
  index: number,
): GroupMember[] {
  const had = new Set(members.map(({ sensorId }) => sensorId));
  const added = ids.filter((id) => !had.has(id)).map((sensorId) => ({ sensorId, direction: null }));
  const all = [...members, ...added];
  if (all.length <= MAX_MEMBERS) return all;
  throw new InvalidInputError([
    {
      path: ['addToGroups', index],
      message: `A group has at most ${MAX_MEMBERS} members; it would have ${all.length}.`,
    },
  ]);
}
