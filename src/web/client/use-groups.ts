import { useCallback } from 'react';
import type { Client } from 'urql';
import {
  GroupMembersDocument,
  SensorGroupsDocument,
  SetSensorGroupMembersDocument,
  type FlowDirection,
} from '../../generated/graphql/graphql.js';
import { useAsync } from './use-async.js';

export interface NamedGroup {
  readonly id: string;
  readonly name: string;
}

export interface GroupMember {
  readonly sensorId: string;
  /** null: it does not count in the balance */
  readonly direction: FlowDirection | null;
}

/** The account's groups of sensors; undefined until they are known. */
export function useGroups() {
  return useAsync<readonly NamedGroup[]>(loadGroups);
}

/** The ids of a group's sensors; undefined where no group is meant, and until they are known. */
export function useGroupMembers(group: string | undefined) {
  const load = useCallback(
    async (client: Client) => ({
      group,
      ids: new Set(group ? (await loadMembers(client, group)).map(({ sensorId }) => sensorId) : []),
    }),
    [group],
  );
  const { data, error, reload } = useAsync(load);
  const isKnown = group !== undefined && data?.group === group;
  return { members: isKnown ? data.ids : undefined, error, reload };
}

/** None of a group that the account does not have. */
export async function loadMembers(client: Client, id: string) {
  const { data, error } = await client.query(GroupMembersDocument, { id });
  if (error) throw error;
  const members = data?.sensorGroup?.members ?? [];
  return members.map(({ sensor, direction }) => ({
    ...{ sensorId: sensor.id, name: sensor.name },
    direction: direction ?? null,
  }));
}

/** Replaces the members of a group. */
export async function setMembers(client: Client, id: string, members: readonly GroupMember[]) {
  const inputs = members.map(({ sensorId, direction }) => ({ sensorId, direction }));
  return client.mutation(SetSensorGroupMembersDocument, { id, members: inputs });
}

async function loadGroups(client: Client): Promise<NamedGroup[]> {
  const { data, error } = await client.query(SensorGroupsDocument, {});
  if (error) throw error;
  return data?.sensorGroups.nodes ?? [];
}
