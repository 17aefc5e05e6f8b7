import './volumes.css';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { GroupSelect } from '../../components/group-select.js';
import { ExportLink } from '../../components/export-link.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { dateTime } from '../../format.js';
import { keepCalendar } from '../../range/kept-calendar.js';
import { iso, type Range } from '../../range/range.js';
import { useGroupMembers, useGroups } from '../../use-groups.js';
import { useInterval } from '../../use-interval.js';
import { readOrder, sorted, writeOrder, type Order } from './order.js';
import { PeriodControls } from './period-controls.js';
import { rangesOf, readPeriod, writePeriod, type Period } from './period.js';
import { useVolumes, type SensorVolume } from './use-volumes.js';
import { VolumeTable } from './volume-table.js';
import { displayUnits } from '../../display-units.js';
import { serverAddress } from '../../server-address.js';

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
  const group = parameters.get('group') ?? undefined;
  const groups = useGroups();
  const { members, error: groupError, reload: reloadGroup } = useGroupMembers(group);
  const isCurrent = data?.question === question;
  const shown = useMemo(
    () => (data ? sorted(ofGroup(data.sensors, group, members), search, order) : []),
    [data, group, members, search, order.sort, order.descending],
  );
  const show = (changed: Period, by: Order = order) => {
    setNow(Date.now());
    setParameters({ ...writePeriod(changed), ...writeOrder(by), ...(group && { group }) });
  };
  const change = (changed: Partial<Period>) => {
    if (changed.timeZone ?? changed.dayStart) keepCalendar({ ...period, ...changed });
    show({ ...period, ...changed });
  };
  const { timeZone } = period;
  return (
    <div className="stack volumes">
      <PageHeading title="Volumes">
        <Exports range={data?.range ?? range} period={period} group={group} isReady={isCurrent} />
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
              onChange={(id) => {
                const kept = { ...writePeriod(period), ...writeOrder(order) };
                setParameters({ ...kept, ...(id && { group: id }) });
              }}
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

/** Until the members of a group are known, none. */
function ofGroup(
  sensors: readonly SensorVolume[],
  group: string | undefined,
  members: ReadonlySet<string> | undefined,
): readonly SensorVolume[] {
  return group ? sensors.filter(({ id }) => members?.has(id)) : sensors;
}

function Exports({
  range,
  period,
  group,
  isReady,
}: {
  range: Range;
  period: Period;
  group: string | undefined;
  isReady: boolean;
}) {
  const { timeZone, dayStart } = period;
  const address = (extra: Record<string, string>) => {
    const { start, end } = range;
    const place = { start: iso(start), end: iso(end), timeZone, dayStart };
    const asked = { ...place, ...displayUnits, ...extra, ...(group && { group }) };
    return serverAddress(`/app/volumes.csv?${new URLSearchParams(asked).toString()}`);
  };
  return (
    <div className="row">
      <ExportLink href={isReady ? address({}) : undefined}>Export (CSV)</ExportLink>
      <ExportLink href={isReady ? address({ interval: 'DAY' }) : undefined}>
        Export by contract day (CSV)
      </ExportLink>
    </div>
  );
}

function sensorQuery({ start, end }: Range, { timeZone, dayStart }: Period): string {
  const query = { start: iso(start), end: iso(end), zone: timeZone, day: dayStart };
  return new URLSearchParams(query).toString();
}

function rangeText({ start, end }: Range, timeZone: string): string {
  return `${dateTime(new Date(start), timeZone)} – ${dateTime(new Date(end), timeZone)}`;
}
