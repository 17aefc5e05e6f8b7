import { useCallback } from 'react';
import type { Client } from 'urql';
import { GroupMembersDocument, SensorGroupsDocument } from '../../generated/graphql/graphql.js';
import { useAsync } from './use-async.js';

export interface NamedGroup {
  readonly id: string;
  readonly name: string;
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
  return members.map(({ sensor, direction }) => ({ sensorId: sensor.id, direction }));
}

async function loadGroups(client: Client): Promise<NamedGroup[]> {
  const { data, error } = await client.query(SensorGroupsDocument, {});
  if (error) throw error;
  return data?.sensorGroups.nodes ?? [];
}
