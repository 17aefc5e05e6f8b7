import { Figure } from '../../components/figure.js';
import { dateTime, flowrate, percent, roundedVolume, volume } from '../../format.js';
import { stateOf } from '../../sensor-state.js';
import type { OverviewSensor } from './overview-sensor.js';
import type { OverviewData } from './use-overview.js';

/**
 * Of the sensors shown: volumes, as rounded in their rows, and averages add up; the time measured
 * is the mean.
 */
export function Totals({
  data,
  sensors,
}: {
  data: OverviewData;
  sensors: readonly OverviewSensor[];
}) {
  const sum = (of: (sensor: OverviewSensor) => number) =>
    sensors.reduce((total, sensor) => total + of(sensor), 0);
  const stale = sensors.filter((sensor) => stateOf(sensor) === 'stale').length;
  const shares = sensors.map((sensor) => sensor.measured.share ?? 1);
  const measured = shares.reduce((total, share) => total + share, 0) / Math.max(shares.length, 1);
  return (
    <section className="card stack totals" aria-label="Totals of the sensors shown">
      <dl className="figures">
        <Figure name="Sensors shown" value={`${sensors.length} of ${data.sensors.length}`} />
        <Figure
          name="Volume, last 24 h"
          value={volume(sum(({ flowVolume }) => roundedVolume(flowVolume.volume)))}
        />
        <Figure
          name="Average while reporting"
          value={flowrate(sum(({ flowVolume }) => flowVolume.averageFlowrate ?? 0))}
        />
        <Figure
          name="Time measured"
          value={percent(measured)}
          tone={measured < 0.9 ? 'warning' : ''}
        />
        <Figure name="Stale now" value={String(stale)} tone={stale > 0 ? 'bad' : ''} />
      </dl>
      <p className="small quiet">
        Of the sensors shown, {dateTime(new Date(data.start))} – {dateTime(new Date(data.end))}.
        Volumes do not include readings after that.
      </p>
    </section>
  );
}
