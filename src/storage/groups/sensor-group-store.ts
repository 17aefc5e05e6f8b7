import { logEvent, type AuditEntry } from '../audit/audit-entry.js';
import type { Database, Transaction } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';
import { replaceMembers, type MemberRow } from './edit-members.js';
import type { GroupMember, GroupSettings, SensorGroupRow } from './group-records.js';
import {
  countGroups,
  createGroup,
  deleteGroup,
  findGroups,
  groupMembers,
  groupsOfSensors,
  groupWindow,
  lockGroup,
  updateGroup,
} from './sql/sensor-groups.js';

export type { FlowDirection, GroupMember, GroupSettings, SensorGroupRow } from './group-records.js';

/** Groups by id between two ids, both exclusive, taken from one end. */
export interface GroupWindow {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly take: number;
  readonly from: 'first' | 'last';
}

/** The sensor groups of accounts, and their members. */
export class SensorGroupStore {
  constructor(private readonly database: Database) {}

  /** Those of the ids that the account has, in no order. */
  find(reader: Reader, ids: readonly number[]): Promise<SensorGroupRow[]> {
    return this.database.reads.query<SensorGroupRow & Row>(reader, findGroups, [
      reader.accountId,
      ids,
    ]);
  }

  /** From the end that the window is taken from. */
  window(reader: Reader, { after, before, take, from }: GroupWindow): Promise<SensorGroupRow[]> {
    const statement = groupWindow[from === 'first' ? 'ASC' : 'DESC'];
    const values = [reader.accountId, after ?? null, before ?? null, take];
    return this.database.reads.query<SensorGroupRow & Row>(reader, statement, values);
  }

  async count(reader: Reader): Promise<number> {
    const values = [reader.accountId];
    const [row] = await this.database.reads.query<{ count: number }>(reader, countGroups, values);
    return row?.count ?? 0;
  }

  /** The members of each group, by sensor. */
  async members(
    reader: Reader,
    groupIds: readonly number[],
  ): Promise<(GroupMember & { readonly groupId: number })[]> {
    const rows = await this.database.reads.query<MemberRow>(reader, groupMembers, [
      reader.accountId,
      groupIds,
    ]);
    return rows.map(({ group_id: groupId, sensor_id: sensorId, direction }) => {
      return { groupId, sensorId, direction };
    });
  }

  /** The groups of each sensor, by id. */
  async ofSensors(
    reader: Reader,
    sensorIds: readonly number[],
  ): Promise<{ readonly sensorId: number; readonly group: SensorGroupRow }[]> {
    const rows = await this.database.reads.query<SensorGroupRow & { sensor_id: number } & Row>(
      reader,
      groupsOfSensors,
      [reader.accountId, sensorIds],
    );
    return rows.map(({ sensor_id: sensorId, ...group }) => ({ sensorId, group }));
  }

  /**
   * @returns undefined where the account has `maximum` groups
   * @throws a unique violation where it has one of that name
   */
  create(
    accountId: number,
    { name, calendar, maxImbalancePercent, maxImbalanceVolume }: GroupSettings,
    maximum: number,
    audit: (id: number) => AuditEntry,
  ): Promise<SensorGroupRow | undefined> {
    return this.database.transaction(async (transaction) => {
      const alert = [maxImbalancePercent, maxImbalanceVolume];
      const values = [accountId, name, calendar, maximum, ...alert];
      const [group] = await transaction.query<SensorGroupRow & Row>(createGroup, values);
      if (group) await logEvent(transaction, audit(group.id));
      return group;
    });
  }

  /**
   * @returns undefined where the account has no such group
   * @throws a unique violation where it has another one of that name
   */
  update(
    accountId: number,
    id: number,
    change: Partial<GroupSettings>,
    audit: (group: SensorGroupRow) => AuditEntry,
  ): Promise<SensorGroupRow | undefined> {
    return this.locked(accountId, id, async (transaction, stored) => {
      const { name, calendar, ...alert } = { ...stored, ...change };
      const { maxImbalancePercent, maxImbalanceVolume } = alert;
      const values = [accountId, id, name, calendar, maxImbalancePercent, maxImbalanceVolume];
      const [group] = await transaction.query<SensorGroupRow & Row>(updateGroup, values);
      await logEvent(transaction, audit(group!));
      return group;
    });
  }

  /** @returns undefined where the account has no such group */
  setMembers(
    accountId: number,
    id: number,
    members: readonly GroupMember[],
    audit: (group: SensorGroupRow) => AuditEntry,
  ): Promise<SensorGroupRow | undefined> {
    return this.locked(accountId, id, async (transaction, group) => {
      await replaceMembers(transaction, id, members);
      await logEvent(transaction, audit(group));
      return group;
    });
  }

  /** @returns whether there was one */
  async delete(
    accountId: number,
    id: number,
    audit: (group: SensorGroupRow) => AuditEntry,
  ): Promise<boolean> {
    const deleted = await this.locked(accountId, id, async (transaction, group) => {
      await transaction.query(deleteGroup, [accountId, id]);
      await logEvent(transaction, audit(group));
      return group;
    });
    return deleted !== undefined;
  }

  private locked<T>(
    accountId: number,
    id: number,
    work: (transaction: Transaction, group: SensorGroupRow) => Promise<T>,
  ): Promise<T | undefined> {
    return this.database.transaction(async (transaction) => {
      const [group] = await transaction.query<SensorGroupRow & Row>(lockGroup, [accountId, id]);
      return group && work(transaction, group);
    });
  }
}

type Row = Record<string, unknown>;
