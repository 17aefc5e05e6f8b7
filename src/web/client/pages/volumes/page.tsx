import './volumes.css';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { isTagged } from '../../../../domain/sensors/list-filter.js';
import { GroupSelect } from '../../components/group-select.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { TagSelect } from '../../components/tag-select.js';
import { dateTime } from '../../format.js';
import { keepCalendar } from '../../range/kept-calendar.js';
import { iso, type Range } from '../../range/range.js';
import { useGroupMembers, useGroups } from '../../use-groups.js';
import { useInterval } from '../../use-interval.js';
import { Exports } from './exports.js';
import { readOrder, sorted, writeOrder, type Order } from './order.js';
import { PeriodControls } from './period-controls.js';
import { rangesOf, readPeriod, writePeriod, type Period } from './period.js';
import { useVolumes, type SensorVolume } from './use-volumes.js';
import { VolumeTable } from './volume-table.js';

/** Readings come late, and the period may still go on. */
const REFRESH_INTERVAL_MS = 60_000;

/** What flowed through every sensor in a period, beside the period before. */
export default function VolumesPage() {
  const [parameters, setParameters] = useSearchParams();
  const [now, setNow] = useState(() => Date.now());
  const [search, setSearch] = useState('');
  const period = readPeriod(parameters, now);
  const order = readOrder(parameters);
  const { range, before } = rangesOf(period, now);
  const question = JSON.stringify(writePeriod(period));
  const { data, error, reload } = useVolumes(question, range, before);
  useInterval(REFRESH_INTERVAL_MS, () => {
    setNow(Date.now());
    reload();
  });
  const chosen: Chosen = {
    group: parameters.get('group') || undefined,
    tag: parameters.get('tag') || undefined,
  };
  const { group, tag } = chosen;
  const groups = useGroups();
  const { members, error: groupError, reload: reloadGroup } = useGroupMembers(group);
  const isCurrent = data?.question === question;
  const shown = useMemo(
    () => (data ? sorted(shownOf(data.sensors, chosen, members), search, order) : []),
    [data, group, tag, members, search, order.sort, order.descending],
  );
  const write = (changed: Period, by: Order, { group: id, tag: label }: Chosen) => {
    const chosenNow = { ...(id && { group: id }), ...(label && { tag: label }) };
    setParameters({ ...writePeriod(changed), ...writeOrder(by), ...chosenNow });
  };
  const show = (changed: Period, by: Order = order) => {
    setNow(Date.now());
    write(changed, by, chosen);
  };
  const change = (changed: Partial<Period>) => {
    if (changed.timeZone ?? changed.dayStart) keepCalendar({ ...period, ...changed });
    show({ ...period, ...changed });
  };
  const { timeZone } = period;
  return (
    <div className="stack volumes">
      <PageHeading title="Volumes">
        <Exports
          range={data?.range ?? range}
          period={period}
          shown={{ ...chosen, search }}
          isReady={isCurrent}
        />
      </PageHeading>
      <PeriodControls period={period} range={range} onChange={change} />
      {error && <Failure what="The volumes" error={error} retry={reload} />}
      {!data && !error && <Loading what="volumes" />}
      {data && (!error || isCurrent) && (
        <section
          className={isCurrent ? 'card stack' : 'card stack outdated'}
          aria-label="Volumes of the period"
          aria-busy={!isCurrent}
        >
          <p>
            <strong>{rangeText(data.range, timeZone)}</strong>{' '}
            <span className="quiet">
              ({timeZone}), beside the period before: {rangeText(data.before, timeZone)}
            </span>
          </p>
          <div className="row">
            <GroupSelect
              groups={groups.data}
              value={group}
              onChange={(id) => write(period, order, { ...chosen, group: id })}
            />
            <TagSelect
              sensors={data.sensors}
              value={tag}
              onChange={(label) => write(period, order, { ...chosen, tag: label })}
            />
            <input
              type="search"
              aria-label="Search sensors by name or id"
              placeholder="Search by name or id"
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
          </div>
          {groupError && <Failure what="The group" error={groupError} retry={reloadGroup} />}
          <VolumeTable
            sensors={shown}
            order={order}
            linkTo={(id) => `/sensors/${id}?${sensorQuery(data.range, period)}`}
            onOrder={(by) => show(period, by)}
          />
          <p className="small quiet">
            A sensor without readings counts as 0 in the total and in the change. Volumes are
            rounded so that the rows add up to the total.
          </p>
        </section>
      )}
    </div>
  );
}

/** Which of the sensors the page shows; undefined: those of any group, with any tags or none. */
interface Chosen {
  readonly group: string | undefined;
  readonly tag: string | undefined;
}

/** Until the members of a group are known, none. */
function shownOf(
  sensors: readonly SensorVolume[],
  { group, tag }: Chosen,
  members: ReadonlySet<string> | undefined,
): readonly SensorVolume[] {
  return sensors.filter((sensor) => (!group || members?.has(sensor.id)) && isTagged(sensor, tag));
}

function sensorQuery({ start, end }: Range, { timeZone, dayStart }: Period): string {
  const query = { start: iso(start), end: iso(end), zone: timeZone, day: dayStart };
  return new URLSearchParams(query).toString();
}

function rangeText({ start, end }: Range, timeZone: string): string {
  return `${dateTime(new Date(start), timeZone)} – ${dateTime(new Date(end), timeZone)}`;
}
