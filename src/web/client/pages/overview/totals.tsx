import type { OverviewSensorFragment } from '../../../../generated/graphql/graphql.js';
import { Figure } from '../../components/figure.js';
import { flowrate, percent, volume } from '../../format.js';
import { stateOf } from '../../sensor-state.js';

/** Over the sensors that are shown: volumes and averages add up, coverage is the mean. */
export function Totals({
  sensors,
  outOf,
}: {
  sensors: readonly OverviewSensorFragment[];
  outOf: number;
}) {
  const sum = (of: (sensor: OverviewSensorFragment) => number) =>
    sensors.reduce((total, sensor) => total + of(sensor), 0);
  const stale = sensors.filter((sensor) => stateOf(sensor) === 'stale').length;
  const coverage = sum(({ flowVolume }) => flowVolume.coverage) / Math.max(sensors.length, 1);
  return (
    <section className="card" aria-label="Totals of the sensors shown">
      <dl className="figures">
        <Figure name="Sensors shown" value={`${sensors.length} of ${outOf}`} />
        <Figure
          name="Volume, last 24 h"
          value={volume(sum(({ flowVolume }) => flowVolume.volume))}
        />
        <Figure
          name="Average flow, last 24 h"
          value={flowrate(sum(({ flowVolume }) => flowVolume.averageFlowrate ?? 0))}
        />
        <Figure name="Coverage" value={percent(coverage)} tone={coverage < 0.9 ? 'warning' : ''} />
        <Figure name="Stale now" value={String(stale)} tone={stale > 0 ? 'bad' : ''} />
      </dl>
    </section>
  );
}
