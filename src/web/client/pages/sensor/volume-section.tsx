import { useMemo, useRef, useState } from 'react';
import { Plot } from '../../charts/plot.js';
import { volumeData, volumeOptions } from '../../charts/volume-options.js';
import { useColours } from '../../use-colours.js';
import { BucketDetails } from './bucket-details.js';
import { csvAddress } from './csv-address.js';
import { SavePictureButtons } from '../../components/save-picture-buttons.js';
import { volumePicture } from './pictures.js';
import { ExportLink } from '../../components/export-link.js';
import { useKeyCursor } from './use-key-cursor.js';
import { usePlotHeights } from './use-plot-heights.js';
import type { ViewState } from './use-view.js';
import { finerInterval, intervalOf } from './view.js';
import type { Bucket, VolumeAnswer } from './volume-answer.js';
import { IntervalNotes, VolumeControls } from './volume-controls.js';
import { VolumeLegend } from './volume-legend.js';
import { VolumeReadout } from './volume-readout.js';
import { VolumeTable } from './volume-table.js';
import { displayUnits, volumeUnit } from '../../display-units.js';

const NOTHING: VolumeAnswer['buckets'] = [];

export function VolumeSection({
  id,
  name,
  state,
  answer,
  isCurrent,
}: {
  id: string;
  name: string;
  state: ViewState;
  answer: VolumeAnswer | undefined;
  isCurrent: boolean;
}) {
  const { view, visible, settled, change } = state;
  const { timeZone, dayStart } = view;
  const interval = intervalOf(view, settled);
  const buckets = answer?.buckets ?? NOTHING;
  const [pointedShare, setPointedShare] = useState<number>();
  const [explained, setExplained] = useState<string>();

  const bucketAt = (share: number) => {
    const instant = visible.start + share * (visible.end - visible.start);
    return buckets.find(({ bar: { start, end } }) => start <= instant && instant < end);
  };
  const pointed = pointedShare === undefined ? undefined : bucketAt(pointedShare);
  const middles = buckets.map(({ bar: { start, end } }) => (start + end) / 2);
  const { cursor, point } = useKeyCursor(middles, visible, pointedShare);
  const explain = (bucket: Bucket | undefined) => setExplained(bucket?.figures.start);

  const { volume } = usePlotHeights();
  const colours = useColours();
  const bars = useMemo(() => buckets.map(({ bar }) => bar), [buckets]);
  const data = useMemo(() => volumeData(bars), [bars]);
  const latest = useRef({ bars, bucketAt });
  latest.current = { bars, bucketAt };
  const options = useMemo(
    () =>
      volumeOptions({
        colours,
        timeZone,
        bars: () => latest.current.bars,
        onPoint: setPointedShare,
        onSelect: (share) => explain(latest.current.bucketAt(share)),
      }),
    [colours, timeZone],
  );
  const details = isCurrent
    ? buckets.find(({ figures }) => figures.start === explained)
    : undefined;
  const finer = finerInterval(interval);
  const fileOf = ({ total: { figures } }: VolumeAnswer) => {
    const range = { start: Date.parse(figures.start), end: Date.parse(figures.end) };
    return csvAddress(id, 'volumes', range, { interval, timeZone, dayStart, ...displayUnits });
  };

  return (
    <section className="card stack" aria-labelledby="volume-heading">
      <div className="row spread">
        <h2 id="volume-heading">
          Volume <span className="quiet small">{volumeUnit}</span>
        </h2>
        <div className="row">
          <VolumeControls interval={interval} range={settled} onChange={change} />
          <SavePictureButtons
            what="the volumes"
            picture={isCurrent && answer ? () => volumePicture(name, timeZone, answer) : undefined}
          />
          <ExportLink href={isCurrent && answer ? fileOf(answer) : undefined}>
            Export volumes (CSV)
          </ExportLink>
        </div>
      </div>
      <div className={isCurrent ? 'stack' : 'stack outdated'} aria-busy={!isCurrent}>
        <div
          className="volume-plot"
          role="group"
          tabIndex={0}
          aria-label={`Bar chart of ${buckets.length} volumes. Arrow keys go from bar to bar, Enter explains one; a table follows.`}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && pointed) explain(pointed);
            else if (!point(event)) return;
            event.preventDefault();
          }}
        >
          <Plot options={options} data={data} range={visible} height={volume} cursor={cursor} />
        </div>
        <div className="row spread">
          <VolumeLegend />
          <IntervalNotes interval={interval} range={settled} />
        </div>
        {answer && (
          <VolumeReadout
            answer={answer}
            bucket={pointed}
            timeZone={timeZone}
            isSpoken={cursor !== undefined}
          />
        )}
        {answer && details && (
          <BucketDetails
            key={details.figures.start}
            id={id}
            answer={answer}
            bucket={details}
            timeZone={timeZone}
            onDrillDown={
              finer &&
              (() => {
                const { start, end } = details.bar;
                change({ preset: undefined, range: { start, end }, interval: finer });
              })
            }
            onClose={() => explain(undefined)}
          />
        )}
        {answer && <VolumeTable answer={answer} timeZone={timeZone} onExplain={explain} />}
      </div>
    </section>
  );
}
