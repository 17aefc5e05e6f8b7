import type { FlowDirection } from '../../../../generated/graphql/graphql.js';
import { isolated } from '../../isolated.js';
import type { GroupMember } from '../../use-groups.js';

export interface Member extends GroupMember {
  readonly name: string;
}

/** The sensors of a group that is edited, in the order of their names. */
export function MemberList({
  members,
  onChange,
}: {
  members: readonly Member[];
  onChange: (members: readonly Member[]) => void;
}) {
  const turn = (sensorId: string, direction: FlowDirection | null) =>
    onChange(
      members.map((member) => (member.sensorId === sensorId ? { ...member, direction } : member)),
    );
  return (
    <ul className="group-members" aria-label="Sensors of the group">
      {[...members]
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(({ sensorId, name, direction }) => (
          <li key={sensorId}>
            <span>
              <bdi>{name}</bdi> <span className="quiet small">#{sensorId}</span>
            </span>
            <select
              aria-label={`Direction of ${isolated(name)}`}
              value={direction ?? ''}
              onChange={({ target }) =>
                turn(sensorId, (target.value || null) as FlowDirection | null)
              }
            >
              <option value="">Not in the balance</option>
              <option value="IN">In</option>
              <option value="OUT">Out</option>
            </select>
            <button
              type="button"
              onClick={() => onChange(members.filter((member) => member.sensorId !== sensorId))}
            >
              Take out<span className="visually-hidden"> {isolated(name)}</span>
            </button>
          </li>
        ))}
    </ul>
  );
}
