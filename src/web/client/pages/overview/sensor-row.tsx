import { memo } from 'react';
import { Link } from 'wouter';
import { Badge } from '../../components/badge.js';
import { Coverage } from '../../components/coverage.js';
import { Age } from '../../components/instant.js';
import { Sparkline } from '../../components/sparkline.js';
import { TagList } from '../../components/tag-list.js';
import { StateMark } from '../../components/state-mark.js';
import { isolated } from '../../isolated.js';
import { flowrate, volume } from '../../format.js';
import { hasData } from '../../measured-time.js';
import { stateOf } from '../../sensor-state.js';
import type { OverviewSensor } from './overview-sensor.js';

export const SensorRow = memo(function SensorRow({
  sensor,
  start,
  end,
  now,
  isChosen,
  onChoose,
}: {
  sensor: OverviewSensor;
  start: string;
  end: string;
  now: Date;
  isChosen: boolean;
  /** the same function at every render */
  onChoose: (id: string, isChosen: boolean) => void;
}) {
  const { id, name, tags, lastPing, flowVolume, measured, series, outages, silentSince } = sensor;
  const state = stateOf(sensor);
  return (
    <tr role="row" className={`is-${state}`}>
      <th role="rowheader" scope="row" className="name">
        <input
          type="checkbox"
          aria-label={`Select ${isolated(name)}`}
          checked={isChosen}
          onChange={({ target }) => onChoose(id, target.checked)}
        />{' '}
        <Link href={`/sensors/${id}`}>
          <bdi>{name}</bdi>
        </Link>{' '}
        <span className="quiet small">#{id}</span>
        <TagList tags={tags} />
      </th>
      <td role="cell" className="state">
        <StateMark state={state} />
        {outages.length > 0 && <OutageMark count={outages.length} />}
      </td>
      <td role="cell" className="number reading">
        {lastPing ? flowrate(lastPing.flowrate) : '–'}
      </td>
      <td role="cell" className="number age">
        {lastPing ? <Age at={lastPing.datetime} now={now} /> : '–'}
      </td>
      <td role="cell" className="number volume">
        {hasData(flowVolume) ? volume(flowVolume.volume) : '–'}
      </td>
      <td role="cell" className="coverage-cell">
        <Coverage share={measured.share} />
      </td>
      <td role="cell" className="trend">
        <Sparkline
          start={start}
          end={end}
          series={series}
          outages={silentSince ? [...outages, { start: silentSince, end }] : outages}
        />
      </td>
    </tr>
  );
});

function OutageMark({ count }: { count: number }) {
  const text = count === 1 ? '1 outage' : `${count} outages`;
  return (
    <>
      {' '}
      <Badge tone="warning" icon="gap" title={`${text} in the last 24 hours`}>
        {text}
      </Badge>
    </>
  );
}
