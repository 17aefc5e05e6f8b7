import { useMemo, useRef, useState } from 'react';
import { Plot } from '../../charts/plot.js';
import { volumeData, volumeOptions } from '../../charts/volume-options.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { useColours } from '../../use-colours.js';
import { csvAddress } from './csv-address.js';
import { RangeFigures } from './range-figures.js';
import { useVolumes } from './use-sensor-data.js';
import type { ViewState } from './use-view.js';
import { intervalOf } from './view.js';
import { VolumeControls } from './volume-controls.js';
import { VolumeReadout } from './volume-readout.js';
import { VolumeTable } from './volume-table.js';

export function VolumeSection({
  id,
  state,
  revision,
}: {
  id: string;
  state: ViewState;
  revision: number;
}) {
  const { view, visible, settled, change } = state;
  const { timeZone, dayStart } = view;
  const volumes = useVolumes(id, settled, view, revision);
  const interval = intervalOf(view, settled);
  const buckets = useMemo(() => volumes.data?.flowSensor?.flowVolumes ?? [], [volumes.data]);
  const [pointed, setPointed] = useState<number>();

  const colours = useColours();
  const data = useMemo(() => volumeData(buckets), [buckets]);
  const latest = useRef(buckets);
  latest.current = buckets;
  const options = useMemo(
    () => volumeOptions({ colours, timeZone, bars: () => latest.current, onPoint: setPointed }),
    [colours, timeZone],
  );
  const bucket = buckets.find(
    ({ start, end }) =>
      pointed !== undefined && Date.parse(start) <= pointed && pointed < Date.parse(end),
  );
  const total = volumes.data?.flowSensor?.flowVolume;

  return (
    <section className="card stack" aria-labelledby="volume-heading">
      <div className="row spread">
        <h2 id="volume-heading">
          Volume <span className="quiet small">bbl</span>
        </h2>
        <a
          className="button"
          download
          href={csvAddress(id, 'volumes', settled, { interval, timeZone, dayStart })}
        >
          Export volumes (CSV)
        </a>
      </div>
      <VolumeControls view={view} interval={interval} onChange={change} />
      {volumes.error && (
        <Failure what="Volumes" error={volumes.error} retry={() => volumes.retry()} />
      )}
      {total && <RangeFigures total={total} />}
      {!total && !volumes.error && <Loading what="volumes" />}
      <div role="img" aria-label={`Bar chart of ${buckets.length} volumes; a table follows.`}>
        <Plot options={options} data={data} range={visible} height={240} />
      </div>
      <VolumeReadout bucket={bucket} timeZone={timeZone} />
      <VolumeTable buckets={buckets} timeZone={timeZone} />
    </section>
  );
}
