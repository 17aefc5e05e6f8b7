import { ZoneOffsets } from '../../shared/zone-offsets.js';
import { formatTime } from '../../shared/time.js';

const VOLUME = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 6,
  maximumFractionDigits: 6,
});
const FLOWRATE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 17 });

/** bbl, as the file has it: to 6 decimals */
export function formatVolume(volume: number): string {
  return VOLUME.format(volume);
}

/** bbl/d, all its digits */
export function formatFlowrate(flowrate: number): string {
  return FLOWRATE.format(flowrate);
}

/** Seconds as hours, minutes and seconds, such as `23:05:00`. */
export function formatDuration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const whole = pad(Math.floor(milliseconds / 1000) % 60);
  const rest = milliseconds % 1000;
  return `${hours}:${pad(minutes)}:${whole}${rest > 0 ? `.${String(rest).padStart(3, '0')}` : ''}`;
}

/** Writes instants as local times of a zone, with their offsets from UTC. */
export class LocalTimeFormat {
  private readonly offsets: ZoneOffsets;

  constructor(timeZone: string) {
    this.offsets = new ZoneOffsets(timeZone);
  }

  /** @param instant ISO 8601 @returns such as `2026-10-01 07:00 -05:00`, with seconds where there are any */
  readonly format = (instant: string): string => {
    const time = Date.parse(instant);
    const offset = this.offsets.offsetAt(time);
    const local = formatTime(time + offset)
      .replace('T', ' ')
      .replace(/(:00)?Z$/, '');
    const minutes = Math.abs(offset) / 60_000;
    const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
    return `${local} ${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
  };
}
