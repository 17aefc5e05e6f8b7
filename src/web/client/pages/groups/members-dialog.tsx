import { useCallback, useState } from 'react';
import { useClient, type Client } from 'urql';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { quantity } from '../../format.js';
import { useAsync } from '../../use-async.js';
import { loadMembers, setMembers } from '../../use-groups.js';
import { useSensorNames } from '../../use-sensor-names.js';
import { AddMember } from './add-member.js';
import type { ListedGroup } from './listed-group.js';
import { MemberList, type Member } from './member-list.js';

/** Adds sensors to a group and takes them out of it, and sets in which direction each counts. */
export function MembersDialog({
  group: { id, name },
  onSaved,
  onClose,
}: {
  group: ListedGroup;
  onSaved: () => void;
  onClose: () => void;
}) {
  const client = useClient();
  const { sensors, error: namesError, retry } = useSensorNames();
  const load = useCallback((asked: Client) => loadMembers(asked, id), [id]);
  const { data, error: membersError, reload } = useAsync(load);
  const [changed, setChanged] = useState<readonly Member[]>();
  const error = membersError ?? namesError;
  const members = changed ?? data;
  const isKnown = members !== undefined && sensors !== undefined;
  return (
    <ConfirmDialog
      title={
        <>
          Sensors of <bdi>{name}</bdi>
        </>
      }
      action="Save"
      canConfirm={changed !== undefined}
      onConfirm={() => setMembers(client, id, changed ?? [])}
      onDone={onSaved}
      onClose={onClose}
    >
      {error && <Failure what="The sensors" error={error} retry={membersError ? reload : retry} />}
      {!isKnown && !error && <Loading what="sensors" />}
      {isKnown && (
        <>
          <AddMember
            sensors={sensors}
            members={members}
            onAdd={({ id: sensorId, name: sensorName }) =>
              setChanged([...members, { sensorId, name: sensorName, direction: null }])
            }
          />
          <p className="small quiet" role="status">
            {members.length === 1 ? '1 sensor' : `${quantity(members.length)} sensors`}
          </p>
          <MemberList members={members} onChange={setChanged} />
        </>
      )}
    </ConfirmDialog>
  );
}
