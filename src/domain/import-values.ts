import { parseInstant } from './time.js';
import { toBarrelsPerDay, type FlowrateUnit } from './units.js';

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const NON_ZERO = /^\s*[+-]?[0.]*[1-9]/;
const MAX_SHOWN = 60;

/** A decimal number as other programs write it; undefined where it is none. */
export function readNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** The flowrate in bbl/d; undefined where it is no number, or one so small that a double makes 0 of it. */
export function readFlowrate(text: string, unit: FlowrateUnit): number | undefined {
  const value = readNumber(text);
  if (value === undefined) return undefined;
  const flowrate = unit === 'bbl/d' ? value : toBarrelsPerDay(value, unit);
  return flowrate === 0 && NON_ZERO.test(text) ? undefined : flowrate;
}

/** A value as a message shows it. */
export function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

const ZERO = 48;
const NINE = 57;
const [Z, T, COLON] = [90, 84, 58];

/**
 * Reads instants. Most files hold them as `2019-02-05T20:41:02Z` and many of a
 * day in a row: such a one takes a tenth of the time that parseInstant does.
 */
export class TimeReader {
  private day = '';
  private midnight: number | undefined;

  /** Milliseconds since 1970; undefined where it is no datetime. */
  read(text: string): number | undefined {
    const hour = twoDigits(text, 11);
    const minute = twoDigits(text, 14);
    const second = twoDigits(text, 17);
    const isPlain =
      text.length === 20 &&
      text.charCodeAt(10) === T &&
      text.charCodeAt(13) === COLON &&
      text.charCodeAt(16) === COLON &&
      text.charCodeAt(19) === Z &&
      // NaN, of what is no digit, is less than nothing.
      hour < 24 &&
      minute < 60 &&
      second < 60;
    if (!isPlain) return parseInstant(text.trim())?.getTime();
    const midnight = this.midnightOf(text.slice(0, 10));
    return midnight === undefined
      ? undefined
      : midnight + ((hour * 60 + minute) * 60 + second) * 1000;
  }

  private midnightOf(day: string): number | undefined {
    if (day !== this.day) {
      this.day = day;
      this.midnight = parseInstant(day)?.getTime();
    }
    return this.midnight;
  }
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const units = text.charCodeAt(at + 1);
  const areDigits = tens >= ZERO && tens <= NINE && units >= ZERO && units <= NINE;
  return areDigits ? 10 * (tens - ZERO) + (units - ZERO) : NaN;
}
