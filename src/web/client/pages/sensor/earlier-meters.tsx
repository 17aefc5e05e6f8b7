import { SensorHistoryVolumeDocument } from '../../../../generated/graphql/graphql.js';
import { quantity } from '../../format.js';
import { iso } from '../../range/range.js';
import { useAnswer } from './use-answer.js';
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
  const { start, end } = state.settled;
  const { answer, isCurrent } = useAnswer(SensorHistoryVolumeDocument, {
    question: `${start} ${end}`,
    variables: { id, start: iso(start), end: iso(end) },
    revision,
  });
  const history = answer?.data.flowSensor?.history;
  if (!history || !isCurrent) return null;
  const names = history.parts.slice(0, -1).map(({ sensor }) => sensor.name);
  return (
    <p>
      With {names.join(', ')}, which it replaced:{' '}
      <strong>{quantity(history.flowVolume.volume)} bbl</strong> in the range.
    </p>
  );
}
