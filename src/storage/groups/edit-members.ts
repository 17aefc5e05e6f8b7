import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Transaction } from '../postgres/database.js';
import { addMembers, clearMembers, groupMembers, lockGroup } from './sql/sensor-groups.js';
import type { GroupMember, SensorGroupRow } from './group-records.js';

/** How the members of a group change. */
export interface MembershipEdit {
  readonly groupId: number;
  /** the members from now on; throws where they break a rule */
  readonly next: (members: readonly GroupMember[]) => readonly GroupMember[];
  readonly audit: (group: SensorGroupRow, members: readonly GroupMember[]) => AuditEntry;
}

/** @returns the sensors that are members now but were not, and those that no longer are */
export async function editMembers(
  transaction: Transaction,
  accountId: number,
  { groupId, next, audit }: MembershipEdit,
): Promise<{ added: number[]; removed: number[] }> {
  const [group] = await transaction.query<SensorGroupRow & Row>(lockGroup, [accountId, groupId]);
  // It may have been deleted just now.
  if (!group) return { added: [], removed: [] };
  const rows = await transaction.query<MemberRow>(groupMembers, [accountId, [groupId]]);
  const before = rows.map(({ sensor_id: sensorId, direction }) => ({ sensorId, direction }));
  const after = next(before);
  const [had, has] = [before, after].map((all) => new Set(all.map(({ sensorId }) => sensorId)));
  const added = [...has!].filter((id) => !had!.has(id));
  const removed = [...had!].filter((id) => !has!.has(id));
  if (added.length + removed.length > 0) {
    await replaceMembers(transaction, groupId, after);
    await logEvent(transaction, audit(group, after));
  }
  return { added, removed };
}

export async function replaceMembers(
  transaction: Transaction,
  groupId: number,
  members: readonly GroupMember[],
): Promise<void> {
  await transaction.query(clearMembers, [groupId]);
  await transaction.query(addMembers, [
    groupId,
    members.map(({ sensorId }) => sensorId),
    members.map(({ direction }) => direction),
  ]);
}

export interface MemberRow {
  readonly group_id: number;
  readonly sensor_id: number;
  readonly direction: GroupMember['direction'];
  readonly [column: string]: unknown;
}

type Row = Record<string, unknown>;
