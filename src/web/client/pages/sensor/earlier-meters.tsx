import { volume } from '../../format.js';
import { isolated } from '../../isolated.js';
import { useHistoryVolume } from './use-sensor-data.js';
import type { ViewState } from './use-view.js';

/** The volume of a range together with that of the meters that the sensor replaced. */
export function VolumeWithEarlierMeters({
  id,
  state,
  revision,
}: {
  id: string;
  state: ViewState;
  revision: number;
}) {
  const { answer, isCurrent } = useHistoryVolume(id, state, revision);
  const history = answer?.data.flowSensor?.history;
  if (!history || !isCurrent) return null;
  const names = history.parts.slice(0, -1).map(({ sensor }) => isolated(sensor.name));
  return (
    <p>
      With {names.join(', ')}, which it replaced:{' '}
      <strong>{volume(history.flowVolume.volume)}</strong> in the range.
    </p>
  );
}
