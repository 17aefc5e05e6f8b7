import { useMemo, useRef } from 'react';
import { groupedBarsData, groupedBarsOptions } from '../../charts/grouped-bars.js';
import { Plot } from '../../charts/plot.js';
import { SavePictureButtons } from '../../components/save-picture-buttons.js';
import { volumeUnit } from '../../display-units.js';
import { roundedParts, volumeFormat } from '../../rounded-volumes.js';
import { seriesColour, useColours } from '../../use-colours.js';
import type { ViewState } from '../sensor/use-view.js';
import { IntervalNotes, VolumeControls } from '../sensor/volume-controls.js';
import { BucketTable } from './bucket-table.js';
import { barsPicture, FILLINGS } from './pictures.js';
import { TotalsTable } from './totals-table.js';
import type { Comparison } from './use-comparison.js';

const HEIGHT = 220;

/** The volumes of all that is compared: aligned bars, totals, differences. */
export function BarsSection({ comparison, state }: { comparison: Comparison; state: ViewState }) {
  const { series, interval } = comparison;
  const { view, visible, settled, change } = state;
  const { timeZone } = view;
  const colours = useColours();
  const groups = useMemo(() => {
    const [first] = series;
    return (first?.volumes ?? []).map(({ start, end }, index) => ({
      start: start + first!.shift,
      end: end + first!.shift,
      bars: series.map(({ volumes }) => {
        const volume = volumes[index];
        return volume?.hasData ? volume : undefined;
      }),
    }));
  }, [series]);
  const latest = useRef(groups);
  latest.current = groups;
  const count = series.length;
  const options = useMemo(
    () =>
      groupedBarsOptions({
        colours,
        timeZone,
        fills: Array.from({ length: count }, (_, index) => seriesColour(colours, index)),
        groups: () => latest.current,
      }),
    [colours, timeZone, count],
  );
  const data = useMemo(() => groupedBarsData(groups), [groups]);
  const { decimals, format } = volumeFormat(
    series.flatMap(({ total, volumes }) => [total, ...volumes].map(({ volume }) => volume)),
  );
  const rounded = series.map((each) => {
    const all = [...each.volumes.map(({ volume }) => volume)];
    const volumes = roundedParts(each.total.volume, all, decimals);
    return {
      ...each,
      volumes: each.volumes.map((volume, index) => ({ ...volume, volume: volumes[index]! })),
    };
  });
  return (
    <section className="card stack" aria-labelledby="bars-heading">
      <div className="row spread">
        <h2 id="bars-heading">
          Volume <span className="quiet small">{volumeUnit}</span>
        </h2>
        <div className="row">
          <VolumeControls interval={interval} range={settled} onChange={change} />
          <SavePictureButtons
            what="the volumes"
            picture={() => barsPicture(series, visible, timeZone, format)}
          />
        </div>
      </div>
      <div role="img" aria-label={`Bars of ${count} volumes in each of ${groups.length} groups`}>
        <Plot options={options} data={data} range={visible} height={HEIGHT} />
      </div>
      <p className="small quiet">{FILLINGS}</p>
      <IntervalNotes interval={interval} range={settled} />
      <TotalsTable series={rounded} format={format} timeZone={timeZone} />
      <BucketTable series={rounded} format={format} timeZone={timeZone} />
    </section>
  );
}
