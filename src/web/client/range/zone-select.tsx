import { LOCAL_ZONE } from './calendar.js';

const COMMON = [
  ...new Set([
    LOCAL_ZONE,
    'UTC',
    'America/Chicago',
    'America/Denver',
    'America/New_York',
    'America/Los_Angeles',
  ]),
];

/** The zone in which days begin and times are shown. */
export function ZoneSelect({
  value,
  onChange,
}: {
  value: string;
  onChange: (zone: string) => void;
}) {
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => !COMMON.includes(zone));
  const isKnown = COMMON.includes(value) || others.includes(value);
  return (
    <select
      className="zone-select"
      aria-label="Time zone"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <optgroup label="Common">
        {[...COMMON, ...(isKnown ? [] : [value])].map((zone) => (
          <option key={zone} value={zone}>
            {zone === LOCAL_ZONE ? `${zone} (yours)` : zone}
          </option>
        ))}
      </optgroup>
      <optgroup label="All">
        {others.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </optgroup>
    </select>
  );
}
