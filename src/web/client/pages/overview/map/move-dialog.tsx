import { useMutation } from 'urql';
import {
  UpdateFlowSensorDocument,
  type OverviewSensorFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { coordinates } from '../../../format.js';
import type { Place } from './projection.js';

/** A sensor and the place to which it was dragged. */
export interface Move {
  readonly sensor: OverviewSensorFragment & Place;
  readonly to: Place;
}

/** Asks before a sensor gets other coordinates. */
export function MoveDialog({
  move: { sensor, to },
  onMoved,
  onClose,
}: {
  move: Move;
  onMoved: () => void;
  onClose: () => void;
}) {
  const [, update] = useMutation(UpdateFlowSensorDocument);
  return (
    <ConfirmDialog
      title={
        <>
          Move <bdi>{sensor.name}</bdi>
        </>
      }
      action="Move"
      onConfirm={() => update({ id: sensor.id, input: to })}
      onDone={onMoved}
      onClose={onClose}
    >
      <p>
        From {coordinates(sensor)} to <strong>{coordinates(to)}</strong>
      </p>
    </ConfirmDialog>
  );
}
