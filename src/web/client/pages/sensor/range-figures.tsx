import { Coverage } from '../../components/coverage.js';
import { Figure } from '../../components/figure.js';
import { dateTime, duration, flowrate, quantity } from '../../format.js';
import { hasData } from '../../measured-time.js';
import type { VolumeAnswer } from './volume-answer.js';
import { volumeUnit } from '../../display-units.js';

/** The whole range's figures, with the range that they are of. */
export function RangeFigures({
  answer,
  isCurrent,
  timeZone,
}: {
  answer: VolumeAnswer;
  isCurrent: boolean;
  timeZone: string;
}) {
  const {
    total: { figures, measured, volume, interpolatedVolume },
    format,
  } = answer;
  const rate = (value: number | null | undefined) =>
    typeof value === 'number' ? flowrate(value) : '–';
  return (
    <section
      className={
        isCurrent ? 'card row spread range-figures' : 'card row spread range-figures outdated'
      }
      aria-label="Figures of the range"
      aria-busy={!isCurrent}
    >
      <dl className="figures">
        <Figure
          name="Volume in the range"
          value={hasData(figures) ? `${format(volume)} ${volumeUnit}` : 'No data'}
        />
        {figures.durationInterpolated > 0 && (
          <Figure
            name="Of it interpolated over outages"
            value={`${format(interpolatedVolume)} ${volumeUnit}`}
            tone="warning"
          />
        )}
        <Figure name="Time measured" value={<Coverage share={measured.share} />} />
        <Figure name="Average while reporting" value={rate(figures.averageFlowrate)} />
        <Figure name="Minimum" value={rate(figures.minFlowrate)} />
        <Figure name="Maximum" value={rate(figures.maxFlowrate)} />
        <Figure name="Readings" value={quantity(figures.pingCount)} />
      </dl>
      <p className="small quiet">
        {dateTime(new Date(figures.start), timeZone, true)} –{' '}
        {dateTime(new Date(figures.end), timeZone, true)} ({timeZone})
        {measured.pending > 0 &&
          `; the last ${duration(measured.pending)} are pending: no reading is overdue yet`}
        {!isCurrent && '; loading the new range…'}
      </p>
    </section>
  );
}
