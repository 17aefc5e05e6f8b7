import type { UpdateFlowSensorsMutation } from '../../../../generated/graphql/graphql.js';
import { parameterName } from '../../parameter-name.js';

/** What a change of several sensors would change, of how many of them. */
export function EditPreview({
  preview: { changedCount, unchangedCount, settings, addedMemberCount, removedMemberCount },
}: {
  preview: UpdateFlowSensorsMutation['updateFlowSensors'];
}) {
  if (changedCount === 0) {
    return <p className="notice">Nothing would change: the sensors are so already.</p>;
  }
  return (
    <div className="notice">
      <p>
        <strong>{sensors(changedCount)} will change.</strong>
        {unchangedCount > 0 && ` ${sensors(unchangedCount)} will stay as before.`}
      </p>
      <ul>
        {settings.map(({ parameter, sensorCount }) => (
          <li key={parameter}>
            {parameterName(parameter)}: {sensors(sensorCount)}
          </li>
        ))}
        {addedMemberCount > 0 && <li>Added to the group: {sensors(addedMemberCount)}</li>}
        {removedMemberCount > 0 && <li>Taken out of the group: {sensors(removedMemberCount)}</li>}
      </ul>
    </div>
  );
}

function sensors(count: number): string {
  return count === 1 ? '1 sensor' : `${count} sensors`;
}
