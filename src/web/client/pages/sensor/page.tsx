import './sensor.css';
import { useMemo, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { useViewer } from '../../use-viewer.js';
import { compareAddress } from '../compare/address.js';
import { overviewAddress } from '../overview/kept-selection.js';
import { VolumeWithEarlierMeters } from './earlier-meters.js';
import { FlowrateSection } from './flowrate-section.js';
import { FlagsSection } from './readings/flags-section.js';
import { HistorySection } from './readings/history-section.js';
import { RangeFigures } from './range-figures.js';
import { SensorActions } from './sensor-actions.js';
import { SensorFacts } from './sensor-facts.js';
import { useLive } from './use-live.js';
import { useRevisions, useSensor, useVolumes } from './use-sensor-data.js';
import { useView } from './use-view.js';
import { ViewControls } from './view-controls.js';
import { volumeAnswer } from './volume-answer.js';
import { VolumeSection } from './volume-section.js';

export default function SensorPage({ id }: { id: string }) {
  const state = useView();
  const search = useSearch();
  const { advance } = state;
  const [revision, setRevision] = useState(0);
  useLive(id, () => {
    advance();
    setRevision((count) => count + 1);
  });
  const { answer, error, retry } = useSensor(id, revision);
  const volumes = useVolumes(id, state, revision);
  const revisions = useRevisions(id, state, revision);
  const history = revisions.answer?.data.flowSensor?.pingRevisions;
  const isAdmin = useViewer().isAdmin ?? false;
  const reload = () => setRevision((count) => count + 1);
  const figures = useMemo(
    () => volumes.answer && volumeAnswer(volumes.answer.data, volumes.answer.variables.interval),
    [volumes.answer],
  );

  if (!answer) {
    if (error) return <Failure what="The sensor" error={error} retry={retry} />;
    return <Loading what="the sensor" />;
  }
  const sensor = answer.data.flowSensor;
  if (!sensor) return <NoSuchSensor id={id} />;
  const { timeZone } = state.view;
  return (
    <div className="stack sensor">
      <div className="sensor-head">
        <Link href={overviewAddress()} className="small">
          All sensors
        </Link>
        <PageHeading title={sensor.name}>
          {isAdmin && <SensorActions sensor={sensor} onChanged={reload} />}
        </PageHeading>
        <SensorFacts sensor={sensor} timeZone={timeZone} />
      </div>
      <ViewControls state={state}>
        <Link className="button" href={compareAddress([id], 'period', search)}>
          Compare
        </Link>
      </ViewControls>
      {volumes.error && <Failure what="Volumes" error={volumes.error} retry={volumes.retry} />}
      {figures ? (
        <RangeFigures answer={figures} isCurrent={volumes.isCurrent} timeZone={timeZone} />
      ) : (
        !volumes.error && <Loading what="volumes" />
      )}
      {sensor.continuesFrom && Date.parse(sensor.continuesFrom) > state.settled.start && (
        <VolumeWithEarlierMeters id={id} state={state} revision={revision} />
      )}
      <FlowrateSection
        id={id}
        name={sensor.name}
        state={state}
        revision={revision}
        silentSince={sensor.silentSince ?? undefined}
        maxGap={sensor.maxGap}
        revisions={history?.nodes}
        isAdmin={isAdmin}
        onChanged={reload}
      />
      <FlagsSection {...{ id, revision, isAdmin, timeZone }} onChanged={reload} />
      <VolumeSection
        id={id}
        name={sensor.name}
        state={state}
        answer={figures}
        isCurrent={volumes.isCurrent}
      />
      {history && (
        <HistorySection revisions={history.nodes} total={history.totalCount} timeZone={timeZone} />
      )}
    </div>
  );
}

function NoSuchSensor({ id }: { id: string }) {
  return (
    <div className="stack">
      <PageHeading title="Sensor not found" />
      <p>
        There is no sensor {id} in your account. <Link href="/">See all sensors</Link>.
      </p>
    </div>
  );
}
