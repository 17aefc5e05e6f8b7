import type { VolumeFiguresFragment } from '../../../../generated/graphql/graphql.js';
import { Coverage } from '../../components/coverage.js';
import { Figure } from '../../components/figure.js';
import { flowrate, quantity, volume } from '../../format.js';

/** The whole range's figures. */
export function RangeFigures({ total }: { total: VolumeFiguresFragment }) {
  const { averageFlowrate, minFlowrate, maxFlowrate } = total;
  const rate = (value: number | null | undefined) =>
    typeof value === 'number' ? flowrate(value) : '–';
  return (
    <dl className="figures">
      <Figure name="Volume in the range" value={volume(total.volume)} />
      <Figure name="Coverage" value={<Coverage share={total.coverage} />} />
      <Figure name="Average" value={rate(averageFlowrate)} />
      <Figure name="Minimum" value={rate(minFlowrate)} />
      <Figure name="Maximum" value={rate(maxFlowrate)} />
      <Figure name="Pings" value={quantity(total.pingCount)} />
    </dl>
  );
}
