import { isReferenced, isUniqueViolation } from '../../storage/postgres/pg-errors.js';
import type {
  GroupMember,
  GroupSettings,
  GroupWindow,
  SensorGroupRow,
  SensorGroupStore,
} from '../../storage/groups/sensor-group-store.js';
import { auditEntry } from '../shared/audit.js';
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  type FieldError,
} from '../shared/errors.js';
import { nameError } from '../shared/name-rules.js';
import { requireScope, type Principal } from '../shared/principal.js';
import { isRecordId } from '../shared/record-id.js';
import type { Sensors } from '../sensors/sensors.js';
import type { Calendars } from '../volumes/calendars.js';
import { thresholdErrors } from './imbalance.js';

export type {
  FlowDirection,
  GroupMember,
  GroupWindow,
} from '../../storage/groups/sensor-group-store.js';

/** Sensors that are read and closed together, by the days of a calendar (null: those of UTC). */
export type SensorGroup = SensorGroupRow;

export interface GroupInput {
  readonly name: string;
  readonly calendar?: string | null | undefined;
  readonly maxImbalancePercent?: number | null | undefined;
  readonly maxImbalanceVolume?: number | null | undefined;
}

export const MAX_GROUP_NAME = 100;
const MAX_GROUPS = 1000;
export const MAX_MEMBERS = 1000;

/** The sensor groups of an account. Reading needs READ, changing ADMIN. */
export class SensorGroups {
  constructor(
    private readonly store: SensorGroupStore,
    private readonly sensors: Sensors,
    private readonly calendars: Calendars,
  ) {}

  /** Those of the ids that the account has, by id. */
  async find(principal: Principal, ids: readonly number[]): Promise<Map<number, SensorGroup>> {
    requireScope(principal, 'READ');
    const possible = ids.filter(isRecordId);
    if (possible.length === 0) return new Map();
    const found = await this.store.find(principal, possible);
    return new Map(found.map((group) => [group.id, group]));
  }

  /** @throws NotFoundError where the account has no such group */
  async require(principal: Principal, id: number): Promise<SensorGroup> {
    const group = (await this.find(principal, [id])).get(id);
    if (!group) throw new NotFoundError();
    return group;
  }

  /** Some groups in a row, by id, and whether there are more where they end. */
  async window(
    principal: Principal,
    window: GroupWindow,
  ): Promise<{ groups: SensorGroup[]; more: boolean }> {
    requireScope(principal, 'READ');
    const { take, from } = window;
    const found = await this.store.window(principal, { ...window, take: take + 1 });
    const groups = found.slice(0, take);
    if (from === 'last') groups.reverse();
    return { groups, more: found.length > take };
  }

  async count(principal: Principal): Promise<number> {
    requireScope(principal, 'READ');
    return this.store.count(principal);
  }

  /** The members of each group, by sensor. */
  async members(
    principal: Principal,
    groupIds: readonly number[],
  ): Promise<Map<number, GroupMember[]>> {
    requireScope(principal, 'READ');
    const members = new Map(groupIds.map((id) => [id, [] as GroupMember[]]));
    for (const { groupId, ...member } of await this.store.members(principal, groupIds)) {
      members.get(groupId)?.push(member);
    }
    return members;
  }

  /** The groups of each sensor, by id. */
  async ofSensors(
    principal: Principal,
    sensorIds: readonly number[],
  ): Promise<Map<number, SensorGroup[]>> {
    requireScope(principal, 'READ');
    const groups = new Map(sensorIds.map((id) => [id, [] as SensorGroup[]]));
    for (const { sensorId, group } of await this.store.ofSensors(principal, sensorIds)) {
      groups.get(sensorId)?.push(group);
    }
    return groups;
  }

  /**
   * @throws InvalidInputError; ConflictError where the account has a group of that name, or too many
   */
  async create(principal: Principal, input: GroupInput): Promise<SensorGroup> {
    requireScope(principal, 'ADMIN');
    await this.check(principal, input);
    const { name, calendar = null, maxImbalancePercent = null, maxImbalanceVolume = null } = input;
    const settings = { name, calendar, maxImbalancePercent, maxImbalanceVolume };
    const group = await refuseTaken(name, () =>
      this.store.create(principal.accountId, settings, MAX_GROUPS, (id) =>
        auditEntry(
          ...([principal, 'SENSOR_GROUP_CREATED'] as const),
          ...([{ type: 'SENSOR_GROUP', id, name }, detailsOf(settings)] as const),
        ),
      ),
    );
    if (group) return group;
    throw new ConflictError(`The account has ${MAX_GROUPS} groups, which is the maximum.`);
  }

  /**
   * @throws NotFoundError; InvalidInputError; ConflictError where another group has the name
   */
  async update(
    principal: Principal,
    id: number,
    input: Partial<GroupSettings>,
  ): Promise<SensorGroup> {
    requireScope(principal, 'ADMIN');
    await this.check(principal, input);
    const group = await refuseTaken(input.name, async () =>
      isRecordId(id)
        ? this.store.update(principal.accountId, id, input, (group) =>
            auditEntry(
              ...([principal, 'SENSOR_GROUP_CHANGED'] as const),
              ...([{ type: 'SENSOR_GROUP', id, name: group.name }, detailsOf(group)] as const),
            ),
          )
        : undefined,
    );
    if (!group) throw new NotFoundError();
    return group;
  }

  /**
   * Replaces the members of a group.
   * @throws NotFoundError; InvalidInputError of each member that breaks a rule
   */
  async setMembers(
    principal: Principal,
    id: number,
    members: readonly GroupMember[],
  ): Promise<SensorGroup> {
    requireScope(principal, 'ADMIN');
    if (members.length > MAX_MEMBERS) {
      throw InvalidInputError.of(
        'members',
        `Must be at most ${MAX_MEMBERS}; there are ${members.length}.`,
      );
    }
    const ids = members.map(({ sensorId }) => sensorId);
    const known = await this.sensors.find(principal, ids);
    const errors = ids.flatMap((sensorId, index): FieldError[] => {
      const message = !known.has(sensorId)
        ? `The account has no flow sensor ${sensorId}.`
        : ids.indexOf(sensorId) < index
          ? `Must not repeat flow sensor ${sensorId}.`
          : undefined;
      return message ? [{ path: ['members', index, 'sensorId'], message }] : [];
    });
    const [error, ...more] = errors;
    if (error) throw new InvalidInputError([error, ...more]);
    const details = { members: members.map(memberText) };
    const group = isRecordId(id)
      ? await this.store.setMembers(principal.accountId, id, members, ({ name }) =>
          auditEntry(
            ...([principal, 'SENSOR_GROUP_MEMBERS_SET'] as const),
            ...([{ type: 'SENSOR_GROUP', id, name }, details] as const),
          ),
        )
      : undefined;
    if (!group) throw new NotFoundError();
    return group;
  }

  /** @throws NotFoundError; ConflictError where it has closed periods */
  async delete(principal: Principal, id: number): Promise<void> {
    requireScope(principal, 'ADMIN');
    const audit = ({ name }: SensorGroup) =>
      auditEntry(principal, 'SENSOR_GROUP_DELETED', { type: 'SENSOR_GROUP', id, name });
    try {
      const { accountId } = principal;
      if (isRecordId(id) && (await this.store.delete(accountId, id, audit))) return;
    } catch (error) {
      if (!isReferenced(error)) throw error;
      throw new ConflictError('The group has closed periods, whose record stays.');
    }
    throw new NotFoundError();
  }

  private async check(principal: Principal, { name, calendar, ...alert }: Partial<GroupInput>) {
    const error = name === undefined ? undefined : nameError(name, MAX_GROUP_NAME);
    if (error) throw InvalidInputError.of('name', error);
    const [first, ...more] = thresholdErrors(alert);
    if (first) throw new InvalidInputError([first, ...more]);
    if (calendar) await this.calendars.require(principal, calendar);
  }
}

function detailsOf({ calendar, maxImbalancePercent, maxImbalanceVolume }: GroupSettings) {
  return { calendar, maxImbalancePercent, maxImbalanceVolume };
}

export function memberText({ sensorId, direction }: GroupMember): string {
  return direction ? `${sensorId} ${direction}` : String(sensorId);
}

async function refuseTaken<T>(name: string | undefined, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ConflictError(`The account has another group named ${JSON.stringify(name)}.`);
  }
}
