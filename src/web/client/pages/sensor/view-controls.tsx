import { Link, useLocation } from 'wouter';
import { Icon, type IconName } from '../../components/icon.js';
import { dateTime, duration } from '../../format.js';
import type { ViewState } from './use-view.js';
import { panned, pinnedView, PRESETS, zoomed, type Range } from './view.js';
import { ZoneSelect } from './zone-select.js';

const STEPS: readonly { icon: IconName; name: string; step: (range: Range) => Range }[] = [
  { icon: 'left', name: 'Earlier', step: (range) => panned(range, -0.5) },
  { icon: 'right', name: 'Later', step: (range) => panned(range, 0.5) },
  { icon: 'plus', name: 'Zoom in', step: (range) => zoomed(range, 0.5) },
  { icon: 'minus', name: 'Zoom out', step: (range) => zoomed(range, 2) },
];

/** Which stretch of time both plots show, in which zone. */
export function ViewControls({ state }: { state: ViewState }) {
  const [path] = useLocation();
  const { view, visible, settled, move, change } = state;
  const { start, end } = visible;
  return (
    <section className="row" aria-label="Range">
      <div className="segmented" role="group" aria-label="Last">
        {PRESETS.map((preset) => (
          <button
            key={preset.key}
            type="button"
            aria-pressed={preset === view.preset}
            onClick={() => change({ preset, range: undefined })}
          >
            {preset.name}
          </button>
        ))}
      </div>
      <div className="segmented" role="group" aria-label="Move">
        {STEPS.map(({ icon, name, step }) => (
          <button
            key={name}
            type="button"
            aria-label={name}
            title={name}
            onClick={() => move(step(visible))}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
      <p className="range-text" aria-live="polite">
        {dateTime(new Date(start), view.timeZone)} – {dateTime(new Date(end), view.timeZone)}{' '}
        <span className="quiet">({duration(end - start)})</span>
      </p>
      <div className="row range-tools">
        <ZoneSelect value={view.timeZone} onChange={(timeZone) => change({ timeZone })} />
        <Link className="button" href={`${path}?${pinnedView(view, settled)}`}>
          Link to this view
        </Link>
      </div>
    </section>
  );
}
