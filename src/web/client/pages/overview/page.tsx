import './overview.css';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { SensorForm } from '../../components/sensor-form.js';
import { useNow } from '../../use-now.js';
import { useGroupMembers, useGroups } from '../../use-groups.js';
import { useViewer } from '../../use-viewer.js';
import { ChosenActions } from './chosen-actions.js';
import { ChosenBar } from './chosen-bar.js';
import { EmptyAccount } from './empty-account.js';
import { Filters } from './filters.js';
import { SensorMap } from './map/sensor-map.js';
import { MirrorStates } from './mirror-states.js';
import { RetiredSensors } from './retired-sensors.js';
import { ofGroupAndTag, select } from './selection.js';
import { SensorTable } from './sensor-table.js';
import { Totals } from './totals.js';
import { useChosen } from './use-chosen.js';
import { useOverview, type OverviewData } from './use-overview.js';
import { useSelection } from './use-selection.js';

export default function OverviewPage() {
  const { data, error, reload } = useOverview();
  const { isAdmin } = useViewer();
  // Counts the changes of several sensors: the retired ones are loaded again.
  const [edits, setEdits] = useState(0);
  const changed = () => {
    reload();
    setEdits((count) => count + 1);
  };
  return (
    <div className="stack">
      <PageHeading title="Overview">{isAdmin && <AdminActions />}</PageHeading>
      <MirrorStates />
      {error && <Failure what="The sensors" error={error} retry={reload} />}
      {data &&
        (data.sensors.length > 0 ? <Sensors data={data} onChanged={changed} /> : <EmptyAccount />)}
      <RetiredSensors key={edits} />
      {!data && !error && <Loading what="sensors" />}
    </div>
  );
}

function AdminActions() {
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  return (
    <div className="row">
      <Link href="/import" className="button">
        Import
      </Link>
      <button type="button" className="primary" onClick={() => setOpen(true)}>
        Add sensor
      </button>
      {isOpen && (
        <SensorForm onSaved={(id) => navigate(`/sensors/${id}`)} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

function Sensors({ data, onChanged }: { data: OverviewData; onChanged: () => void }) {
  const now = useNow(15_000);
  const [selection, changeSelection] = useSelection();
  const { search, filter, group, tag, sort, descending } = selection;
  const { isAdmin = false } = useViewer();
  const groups = useGroups();
  const membership = useGroupMembers(group);
  const { members } = membership;
  const sensors = useMemo(
    () => ofGroupAndTag(data.sensors, { group, tag }, members),
    [data.sensors, group, tag, members],
  );
  const shown = useMemo(
    () => select(sensors, { search, filter, sort, descending }),
    [sensors, search, filter, sort, descending],
  );
  // Typing stays fast with many rows.
  const rows = useDeferredValue(shown);
  const { chosen, choose, chooseAll } = useChosen(data.sensors);
  return (
    <>
      <Totals data={data} sensors={shown} />
      <div className="overview">
        <div className="stack overview-list">
          <Filters
            all={data.sensors}
            sensors={sensors}
            groups={groups.data}
            selection={selection}
            onChange={changeSelection}
          />
          {membership.error && (
            <Failure what="The group" error={membership.error} retry={membership.reload} />
          )}
          <ChosenBar chosen={chosen} shown={rows} onChoose={chooseAll}>
            {isAdmin && groups.data && (
              <ChosenActions
                chosen={chosen}
                groups={groups.data}
                onChanged={() => {
                  onChanged();
                  groups.reload();
                  membership.reload();
                }}
              />
            )}
          </ChosenBar>
          {rows.length > 0 ? (
            <SensorTable
              data={data}
              sensors={rows}
              now={now}
              selection={selection}
              onChange={changeSelection}
              chosen={chosen}
              onChoose={choose}
            />
          ) : (
            <div className="notice" role="status">
              <p>No sensors match.</p>
              <button
                type="button"
                onClick={() =>
                  changeSelection({ search: '', filter: 'all', group: undefined, tag: undefined })
                }
              >
                Show all sensors
              </button>
            </div>
          )}
        </div>
        <SensorMap sensors={rows} isAdmin={isAdmin} onMoved={onChanged} />
      </div>
    </>
  );
}
