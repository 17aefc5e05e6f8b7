import { CALENDAR } from '../../range/presets.js';
import { DayStartInput } from '../../range/day-start-input.js';
import { RangeForm } from '../../range/range-form.js';
import type { Range } from '../../range/range.js';
import { ZoneSelect } from '../../range/zone-select.js';
import type { Period } from './period.js';

/** Chooses the period, and the calendar that it is taken from. */
export function PeriodControls({
  period,
  range,
  onChange,
}: {
  period: Period;
  range: Range;
  onChange: (change: Partial<Period>) => void;
}) {
  const { preset, timeZone, dayStart } = period;
  return (
    <section className="row period-controls" aria-label="Period">
      <div className="segmented" role="group" aria-label="By contract day">
        {CALENDAR.map((each) => (
          <button
            key={each.key}
            type="button"
            aria-pressed={each === preset}
            onClick={() => onChange({ preset: each, range: undefined })}
          >
            {each.name}
          </button>
        ))}
      </div>
      <RangeForm
        question={[preset?.key, range.start, range.end, timeZone, dayStart].join(' ')}
        range={range}
        timeZone={timeZone}
        onChange={(chosen) => onChange({ preset: undefined, range: chosen })}
      />
      <DayStartInput value={dayStart} onChange={(time) => onChange({ dayStart: time })} />
      <ZoneSelect value={timeZone} onChange={(zone) => onChange({ timeZone: zone })} />
    </section>
  );
}
