import './sensor.css';
import { useState } from 'react';
import { Link } from 'wouter';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { FlowrateSection } from './flowrate-section.js';
import { SensorFacts } from './sensor-facts.js';
import { useSensor } from './use-sensor-data.js';
import { useLive } from './use-live.js';
import { useView } from './use-view.js';
import { ViewControls } from './view-controls.js';
import { VolumeSection } from './volume-section.js';

export default function SensorPage({ id }: { id: string }) {
  const state = useView();
  const { advance } = state;
  const [revision, setRevision] = useState(0);
  useLive(id, () => {
    advance();
    setRevision((count) => count + 1);
  });
  const { data, error, retry } = useSensor(id, revision);
  const sensor = data?.flowSensor;

  if (error && !data) {
    return <Failure what="The sensor" error={error} retry={() => retry()} />;
  }
  if (!data) return <Loading what="the sensor" />;
  if (!sensor) return <NoSuchSensor id={id} />;
  return (
    <div className="stack">
      <div>
        <Link href="/" className="small">
          All sensors
        </Link>
        <PageHeading title={sensor.name} />
        <SensorFacts sensor={sensor} timeZone={state.view.timeZone} />
      </div>
      <ViewControls state={state} />
      <FlowrateSection
        id={id}
        state={state}
        revision={revision}
        silentSince={sensor.silentSince ?? undefined}
      />
      <VolumeSection id={id} state={state} revision={revision} />
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
