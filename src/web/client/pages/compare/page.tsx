import '../sensor/sensor.css';
import './compare.css';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { PERIODS_BEFORE } from '../../range/range-before.js';
import { MAX_SERIES } from '../../use-colours.js';
import { useInterval } from '../../use-interval.js';
import { useView } from '../sensor/use-view.js';
import { intervalOf } from '../sensor/view.js';
import { ViewControls } from '../sensor/view-controls.js';
import { BarsSection } from './bars-section.js';
import { Choice } from './choice.js';
import { LinesSection } from './lines-section.js';
import { useComparison } from './use-comparison.js';

const REFRESH_INTERVAL_MS = 60_000;

/** Sensors beside each other, or beside themselves a period before. */
export default function ComparePage({
  sensors = '',
  before: period,
}: {
  sensors?: string | undefined;
  before?: string | undefined;
}) {
  const state = useView();
  const { view, settled, advance } = state;
  const before = PERIODS_BEFORE.find(({ key }) => key === period)?.key;
  const sensorIds = [...new Set(sensors.split(',').filter((id) => /^\d+$/.test(id)))].slice(
    0,
    before ? MAX_SERIES / 2 : MAX_SERIES,
  );
  const { preset, range, timeZone, dayStart } = view;
  const interval = intervalOf(view, settled);
  const shown = preset ? preset.key : `${range?.start} ${range?.end}`;
  const question = [sensorIds.join(), before, shown, interval, timeZone, dayStart].join(' ');
  const { data, error, reload } = useComparison({
    ...{ question, sensorIds, before, range: settled, interval, timeZone, dayStart },
  });
  // A range that ends now is loaded again because it moves on.
  useInterval(REFRESH_INTERVAL_MS, preset ? advance : reload);
  const isCurrent = data?.question === question;
  const { length } = data?.series ?? [];
  return (
    <div className="stack compare">
      <PageHeading title="Compare" />
      <Choice sensorIds={sensorIds} before={before} />
      <ViewControls state={state} />
      {error && <Failure what="The comparison" error={error} retry={reload} />}
      {!data && !error && <Loading what="the comparison" />}
      {length === 0 && <p className="notice">Choose two sensors, or one and a period before.</p>}
      {data && data.series.length > 0 && (!error || isCurrent) && (
        <div className={isCurrent ? 'stack' : 'stack outdated'} aria-busy={!isCurrent}>
          <LinesSection series={data.series} state={state} />
          <BarsSection comparison={data} state={state} />
        </div>
      )}
    </div>
  );
}
