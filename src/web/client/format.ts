import { flowrateUnit, volumeUnit } from './display-units.js';

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const scientific = new Intl.NumberFormat(undefined, {
  notation: 'scientific',
  maximumFractionDigits: 2,
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'short' });

/** from which on numbers are written with a power of ten */
const LARGE = 1e12;

/** As many digits as a reader needs: thousands separated, fractions only of small numbers. */
export function quantity(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= LARGE || (magnitude > 0 && magnitude < 1e-4)) return scientific.format(value);
  if (magnitude >= 1000 || value === 0) return whole.format(value);
  return magnitude >= 1 ? tenths.format(value) : significant.format(value);
}

/** In the user's unit, which it names. */
export function flowrate(value: number): string {
  return `${quantity(value)} ${flowrateUnit}`;
}

const hundredths = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** In the user's unit, which it names, to the hundredth where that makes sense. */
export function volume(value: number): string {
  const magnitude = Math.abs(value);
  const isUsual = value === 0 || (magnitude >= 0.01 && magnitude < LARGE);
  return `${isUsual ? hundredths.format(roundedVolume(value)) : quantity(value)} ${volumeUnit}`;
}

/** Rounded as `volume` shows it, so that sums agree with the figures shown. */
export function roundedVolume(value: number): number {
  const magnitude = Math.abs(value);
  return magnitude >= 0.01 && magnitude < LARGE ? Math.round(value * 100) / 100 : value;
}

/** A share of 1. What is not quite all is never written as 100 %. */
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

/** How far clocks go back where they do: an hour nearly everywhere. */
const CLOCK_CHANGES_MS = [3_600_000, 1_800_000];

/**
 * A date and time in a zone, by default the browser's. A time that occurs twice, as clocks go back,
 * is followed by the name of the zone's time: CDT or CST.
 */
export function dateTime(instant: Date, timeZone?: string, seconds = false): string {
  const plain = dateTimeFormat(timeZone, seconds);
  const text = plain.format(instant);
  const occursTwice = CLOCK_CHANGES_MS.flatMap((change) => [change, -change]).some(
    (change) => plain.format(instant.getTime() + change) === text,
  );
  return occursTwice ? dateTimeFormat(timeZone, seconds, true).format(instant) : text;
}

const dateTimeFormats = new Map<string, Intl.DateTimeFormat>();

function dateTimeFormat(timeZone: string | undefined, seconds: boolean, namesZone = false) {
  const key = `${timeZone} ${seconds} ${namesZone}`;
  const known = dateTimeFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds && { second: '2-digit' }),
    ...(namesZone && { timeZoneName: 'short' }),
    timeZone,
  });
  dateTimeFormats.set(key, made);
  return made;
}

/** `2026-11-23 08:15:00 UTC` */
export function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * A time of the browser's zone as inputs of the type datetime-local take it: `2026-11-23T08:15:00`.
 */
export function localInput(instant: Date): string {
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Degrees (WGS 84) to about ten meters, such as `32.0000° N, 102.0000° W`. */
export function coordinates({
  latitude,
  longitude,
}: {
  latitude: number;
  longitude: number;
}): string {
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? 'W' : 'E'}`;
}
