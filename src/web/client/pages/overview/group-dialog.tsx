import { useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { CreateSensorGroupDocument } from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { FormField } from '../../components/form-field.js';
import { isolated } from '../../isolated.js';
import { loadMembers, setMembers, type NamedGroup } from '../../use-groups.js';

type Action = 'add' | 'remove';

/** Makes a group of the selected sensors, adds them to one, or takes them out of it. */
export function GroupDialog({
  sensorIds,
  groups,
  onDone,
  onClose,
}: {
  sensorIds: readonly string[];
  groups: readonly NamedGroup[];
  onDone: () => void;
  onClose: () => void;
}) {
  const client = useClient();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [action, setAction] = useState<Action>('add');
  const save = async (): Promise<{ error?: CombinedError | undefined }> => {
    let group = id;
    if (!group) {
      const made = await client.mutation(CreateSensorGroupDocument, { input: { name } });
      if (made.error || !made.data) return { error: made.error };
      group = made.data.createSensorGroup.id;
    }
    try {
      const before = await loadMembers(client, group);
      const others = before.filter(({ sensorId }) => !sensorIds.includes(sensorId));
      // Those that are members already keep the direction in which they count.
      const kept = new Map(before.map((member) => [member.sensorId, member]));
      const added = sensorIds.map(
        (sensorId) => kept.get(sensorId) ?? { sensorId, direction: null },
      );
      const members = id && action === 'remove' ? others : [...others, ...added];
      return await setMembers(client, group, members);
    } catch (error) {
      return { error: error as CombinedError };
    }
  };
  const count = sensorIds.length === 1 ? '1 sensor' : `${sensorIds.length} sensors`;
  return (
    <ConfirmDialog
      title={`Group of ${count}`}
      action={id && action === 'remove' ? 'Take out of the group' : 'Add to the group'}
      canConfirm={id !== '' || name.trim() !== ''}
      onConfirm={save}
      onDone={onDone}
      onClose={onClose}
    >
      <FormField label="Group">
        {(input) => (
          <select {...input} value={id} onChange={({ target }) => setId(target.value)}>
            <option value="">A new group</option>
            {groups.map((group) => (
              <option key={group.id} value={group.id}>
                {isolated(group.name)}
              </option>
            ))}
          </select>
        )}
      </FormField>
      {id ? (
        <FormField label="What to do">
          {(input) => (
            <select
              {...input}
              value={action}
              onChange={({ target }) => setAction(target.value as Action)}
            >
              <option value="add">Add the sensors</option>
              <option value="remove">Take the sensors out</option>
            </select>
          )}
        </FormField>
      ) : (
        <FormField label="Name" hint="Unique in the account.">
          {(input) => (
            <input
              {...input}
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </FormField>
      )}
    </ConfirmDialog>
  );
}
