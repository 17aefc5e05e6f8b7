const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const scientific = new Intl.NumberFormat(undefined, {
  notation: 'scientific',
  maximumFractionDigits: 2,
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'short' });

/** As many digits as one reads: thousands separated, fractions only of small numbers. */
export function quantity(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e12 || (magnitude > 0 && magnitude < 1e-4)) return scientific.format(value);
  if (magnitude >= 1000 || value === 0) return whole.format(value);
  return magnitude >= 1 ? tenths.format(value) : significant.format(value);
}

/** bbl/d */
export function flowrate(value: number): string {
  return `${quantity(value)} bbl/d`;
}

/** bbl */
export function volume(value: number): string {
  return `${quantity(value)} bbl`;
}

/** A share of 1. What is not quite all is never told as 100 %. */
export function percent(share: number): string {
  const tenthsOfPercent = share < 1 ? Math.min(share * 1000, 999) : 1000;
  return `${tenths.format(Math.floor(tenthsOfPercent) / 10)} %`;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** `3 min. ago`; `just now` under ten seconds. */
export function age(instant: Date, now: Date): string {
  const passed = now.getTime() - instant.getTime();
  if (Math.abs(passed) < 10_000) return 'just now';
  const [unit, length] = UNITS.find(([, size]) => Math.abs(passed) >= size) ?? ['second', 1000];
  return relative.format(-Math.trunc(passed / length), unit);
}

/** `2 d 4 h`, of milliseconds: the two largest units. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${whole.format(count)} ${unit}`)
    .join(' ');
}

/** A date and time in a zone, by default the browser's. */
export function dateTime(instant: Date, timeZone?: string, seconds = false): string {
  return new Intl.DateTimeFormat(undefined, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds && { second: '2-digit' }),
    timeZone,
  }).format(instant);
}

/** `2026-11-23 08:15:00 UTC` */
export function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A time of the browser's zone as inputs of the type datetime-local have it: `2026-11-23T08:15:00`. */
export function localInput(instant: Date): string {
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
