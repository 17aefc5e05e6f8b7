import type { ReactNode } from 'react';
import { CopyButton } from '../../components/copy-button.js';
import { Icon, type IconName } from '../../components/icon.js';
import { dateTime, duration } from '../../format.js';
import { DayStartInput } from '../../range/day-start-input.js';
import { CALENDAR, ROLLING, type Preset } from '../../range/presets.js';
import { panned, zoomed, type Range } from '../../range/range.js';
import { RangeForm } from '../../range/range-form.js';
import type { ViewState } from './use-view.js';
import { pinnedView } from './view.js';
import { ZoneSelect } from '../../range/zone-select.js';

const STEPS: readonly { icon: IconName; name: string; step: (range: Range) => Range }[] = [
  { icon: 'left', name: 'Earlier', step: (range) => panned(range, -0.5) },
  { icon: 'right', name: 'Later', step: (range) => panned(range, 0.5) },
  { icon: 'plus', name: 'Zoom in', step: (range) => zoomed(range, 0.5) },
  { icon: 'minus', name: 'Zoom out', step: (range) => zoomed(range, 2) },
];

/** The range that the page shows, and the calendar that it is cut by. */
export function ViewControls({
  state,
  children,
}: {
  state: ViewState;
  /** what else is done with the range */
  children?: ReactNode;
}) {
  const { view, visible, settled, isLive, move, change } = state;
  const { timeZone, dayStart, preset, range } = view;
  const { start, end } = visible;
  const presets = (label: string, all: readonly Preset[]) => (
    <div className="segmented" role="group" aria-label={label}>
      {all.map((each) => (
        <button
          key={each.key}
          type="button"
          aria-pressed={each === preset}
          onClick={() => change({ preset: each, range: undefined })}
        >
          {each.name}
        </button>
      ))}
    </div>
  );
  return (
    <section className="stack view-controls" aria-label="Range">
      <div className="row">
        {presets('Last', ROLLING)}
        {presets('By contract day', CALENDAR)}
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
          {dateTime(new Date(start), timeZone)} – {dateTime(new Date(end), timeZone)}{' '}
          <span className="quiet">
            ({duration(end - start)}
            {isLive ? ', live' : ''})
          </span>
        </p>
      </div>
      <div className="row">
        <RangeForm
          question={`${preset?.key ?? ''} ${range?.start} ${range?.end} ${timeZone} ${dayStart}`}
          range={settled}
          timeZone={timeZone}
          onChange={(chosen) => change({ preset: undefined, range: chosen })}
        />
        <div className="row range-tools">
          {children}
          <DayStartInput value={dayStart} onChange={(time) => change({ dayStart: time })} />
          <ZoneSelect value={timeZone} onChange={(zone) => change({ timeZone: zone })} />
          <CopyButton
            label="Copy link"
            what="to this view"
            text={() => linkTo(pinnedView(view, settled))}
          />
        </div>
      </div>
    </section>
  );
}

function linkTo(query: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}?${query}`;
}
